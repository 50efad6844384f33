"""Proposals by wording: good enough to save a person's time, never more than a proposal."""

from pathlib import Path

import pytest
import yaml

from reporting.criteria.checker import read
from reporting.criteria.proposals import Wording, words

DEMO = Path(__file__).parents[2] / "demo" / "criteria_set.yaml"
WORDING = Wording(read(yaml.safe_load(DEMO.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    ("subject_matter", "content", "code"),
    [
        ("Mức độ hoàn thành kế hoạch CCHC năm", "Rà soát tiến độ từng nhiệm vụ", "1.1.3"),
        ("Kiểm tra CCHC nội bộ", "Kiểm tra tối thiểu 30% phòng, đơn vị", "1.3.1"),
        ("Tham mưu VBQPPL", "Trình dự thảo đúng tiến độ chương trình", "2.1.1"),
        ("Rà soát, đơn giản hóa TTHC", "Đề xuất cắt giảm thời gian", "3.1.1"),
        ("Xin lỗi hồ sơ trễ", "Gửi thư xin lỗi, hẹn lại", "3.3.4"),
        ("Giải ngân", "Theo dõi tiến độ giải ngân", "6.1.1"),
        ("Hồ sơ trực tuyến", "Hướng dẫn nộp hồ sơ, thanh toán trực tuyến", "7.4.1"),
    ],
)
def test_a_task_is_proposed_for_the_sub_criterion_it_speaks_of(subject_matter, content, code):
    assert WORDING.propose(subject_matter, content)[0].code == code


def test_a_proposal_names_the_words_that_spoke_for_it_and_how_much():
    best = WORDING.propose("Rà soát, đơn giản hóa TTHC", "")[0]

    assert "thủ tục hành chính" in best.words
    assert 0 < best.score <= 1


def test_nothing_in_common_is_no_proposal():
    assert WORDING.propose("Mua máy lạnh", "Sơn tường rào") == []


def test_at_most_as_many_as_asked_best_first():
    found = WORDING.propose("Báo cáo kết quả kiểm tra", "", most=5)

    assert len(found) == 5
    assert found == sorted(found, key=lambda p: -p.score)


def test_an_abbreviation_and_its_full_form_are_the_same_words():
    assert words("rà soát TTHC") == words("Rà soát thủ tục hành chính")


def test_composed_and_decomposed_accents_are_the_same_words():
    assert words("thủ tục") == words("thủ tục")


def test_a_code_that_stands_in_the_text_comes_first_and_is_sure():
    best, *others = WORDING.propose("Giải ngân", "Phục vụ tiêu chí 7.4.1, báo cáo ngày 30.6.2025")

    assert (best.code, best.score, best.basis, best.confidence) == ("7.4.1", 1, "code", "high")
    assert {other.basis for other in others} == {"wording"}


def test_of_several_alike_none_is_sure():
    found = WORDING.propose("Xác định chỉ số CCHC, khảo sát, hài lòng", "")

    assert {each.confidence for each in found} == {"low"}
