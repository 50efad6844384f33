"""The citizen's pages as documents: what they say, in which language, and what they may load."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from chassis.i18n import Language
from surveys.answers import domain as answers
from surveys.answers.reading import AnswerError
from surveys.form import render
from surveys.questionnaires import domain as questionnaire
from surveys.rounds import domain as rounds

ROOT = Path(__file__).parents[2]
QUESTIONNAIRE = questionnaire.load(yaml.safe_load((ROOT / "demo/questionnaire.yaml").read_text()))
ORGANISATION = "Sở Nội vụ tỉnh Khánh Hòa"
RESPONSE = UUID("8a0f4c52-8c43-4e5b-9a3e-3f0f5d2b7c11")
UNIT = render.UnitOption(UUID("0194c0de-0000-7000-8000-00000000000a"), "Phòng Người có công")
CLOSED = rounds.Round(status="closed", opens_on=date(2025, 9, 1), closes_on=date(2025, 11, 28))


def page(
    *pairs: tuple[str, str],
    lang: Language = "vi",
    served_by: str | tuple[render.UnitOption, ...] = (UNIT,),
) -> str:
    """The form as first opened, or as it comes back after `pairs` were posted and refused."""
    fields = answers.form_fields(pairs)
    checked = answers.check(QUESTIONNAIRE, answers.raw_from_form(QUESTIONNAIRE, fields), [UNIT.id])
    errors: list[AnswerError] = checked if pairs and isinstance(checked, list) else []
    return render.form(
        QUESTIONNAIRE, organisation=ORGANISATION, code="t7f3-k2m9-q4xw-8d2n",
        response_id=RESPONSE, answers=fields, errors=errors, served_by=served_by, lang=lang,
    )  # fmt: skip


def test_the_form_posts_to_its_code_with_the_response_id_of_this_opening() -> None:
    html = page()

    assert '<form method="post" action="/k/t7f3-k2m9-q4xw-8d2n"' in html
    assert f'name="response_id" value="{RESPONSE}"' in html
    assert html.count("Rất không hài lòng") == 25
    assert "Phần 1/7" in html
    assert " checked" not in html


def test_no_answer_is_offered_for_every_question_that_cannot_be_unchosen() -> None:
    html = page()

    radios = set(re.findall(r'type="radio" name="([^"]+)" value="0"', html))
    radios |= set(re.findall(r'type="radio" name="([^"]+)" value="5"', html))
    no_answer = set(re.findall(r'type="radio" name="([^"]+)" value=""', html))
    assert radios == no_answer
    assert len(radios) == 25 + 3 + 3


def test_the_form_says_that_it_is_composed_and_anonymous() -> None:
    assert "không phải mẫu phiếu chính thức" in page()
    assert "không hỏi và không lưu họ tên" in page()
    assert "not an official form" in page(lang="en")


def test_no_page_has_script_inline_style_or_anything_from_elsewhere() -> None:
    html = page(("F1.1", "9"))

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://|//", html.lower())
    assert "script-src" not in render.HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in render.HEADERS["Content-Security-Policy"]


def test_a_refused_form_says_what_is_wrong_on_top_with_links_and_keeps_every_answer() -> None:
    html = page(
        ("F1.1", "5"), ("F1.3", "7"), ("E.1", "0"), ("E.1", "1"), ("E.1", "2"), ("E.1", "4"),
        ("T.1", "Ghế <hỏng>"), ("D.4", "2"), ("D.7", str(UNIT.id)),
    )  # fmt: skip

    assert "<title>Lỗi: Phiếu khảo sát" in html
    assert '<a href="#F1.3">Câu 3: chọn một mức từ 1 đến 5.</a>' in html
    assert '<a href="#E.1">Câu 29: chọn tối đa 3' in html
    assert 'id="e-F1.3"' in html
    assert 'aria-describedby="e-F1.3"' in html
    assert re.search(r'name="F1.1" value="5"[^>]* checked', html)
    assert len(re.findall(r'name="E.1" value="\d" *(?:id="E.1" *)?checked', html)) == 4
    assert "Ghế &lt;hỏng&gt;</textarea>" in html
    assert f'<option value="{UNIT.id}" selected' in html
    assert '<option value="2" selected' in html


def test_every_link_of_the_error_summary_leads_to_a_field_that_is_there() -> None:
    html = page(*((code, "999") for code in QUESTIONNAIRE.questions))
    links = set(re.findall(r'<a href="#([^"]+)"', html))

    assert len(links) > 30
    assert links <= set(re.findall(r' id="([^"]+)"', html))


def test_an_empty_form_comes_back_with_a_link_to_the_first_question() -> None:
    assert '<a href="#F1.1">Phiếu chưa có ý kiến nào.' in page(("F1.1", ""))


def test_no_two_elements_share_an_id() -> None:
    ids = re.findall(r' id="([^"]+)"', page(("F1.1", "9"), ("T.1", "x" * 3000)))

    assert len(ids) == len(set(ids))


def test_the_unit_is_asked_only_when_the_ticket_does_not_say_it() -> None:
    asked, told = page(), page(served_by="Phòng Người có công")

    assert 'name="D.7"' in asked
    assert 'name="D.7"' not in told
    assert "<b>Phòng Người có công</b>" in told


def test_english_is_given_when_asked_for_and_leads_back_to_itself() -> None:
    html = page(("F1.1", "9"), lang="en")

    assert '<html lang="en">' in html
    assert "<title>Error: Survey of satisfaction" in html
    assert "Question 1: choose a level from 1 to 5." in html
    assert "Very dissatisfied" in html
    assert 'action="/k/t7f3-k2m9-q4xw-8d2n?lang=en"' in html
    assert 'href="?lang=vi"' in html


def test_a_text_without_translation_stays_vietnamese_and_is_marked_so() -> None:
    raw = yaml.safe_load((ROOT / "demo/questionnaire.yaml").read_text())
    del raw["english"]["Trang thiết bị phục vụ đầy đủ, chất lượng tốt"]
    html = render.form(
        questionnaire.load(raw),
        organisation=ORGANISATION,
        code="t",
        response_id=RESPONSE,
        lang="en",
    )

    assert '3. <span lang="vi">Trang thiết bị phục vụ đầy đủ, chất lượng tốt</span>' in html


@pytest.mark.parametrize(
    ("draw", "vietnamese", "english"),
    [
        (render.thanks, "Cảm ơn Ông/Bà", "Thank you"),
        (render.unknown_code, "Không tìm thấy phiếu khảo sát", "Survey not found"),
        (render.used_ticket, "Giấy mời này đã được dùng", "This invitation has been used"),
        (render.busy, "Chưa gửi được phiếu", "not sent"),
    ],
)
def test_each_other_page_says_one_thing_in_both_languages(
    draw: Callable[..., str], vietnamese: str, english: str
) -> None:
    assert f"<h1>{vietnamese}" in draw(organisation=ORGANISATION)
    assert english in draw(organisation=ORGANISATION, lang="en")
    assert "<form" not in draw(organisation=ORGANISATION)


def test_a_round_that_takes_no_answers_says_why_on_its_own_page() -> None:
    late = CLOSED.model_copy(update={"status": "open"}).accepts(date(2025, 12, 1))
    early = CLOSED.model_copy(update={"status": "open"}).accepts(date(2025, 8, 1))
    assert late is not None
    assert early is not None

    assert "đến hết ngày 28/11/2025" in render.refused(late, organisation=ORGANISATION)
    assert "từ ngày 01/09/2025" in render.refused(early, organisation=ORGANISATION)
    assert "has not begun" in render.refused(early, organisation=ORGANISATION, lang="en")


def test_what_an_organisation_is_called_is_escaped() -> None:
    assert "<b>Sở" not in render.thanks(organisation="<b>Sở</b>")


def test_a_changed_style_sheet_has_a_new_address() -> None:
    assert re.search(r'href="/k/static/form\.css\?v=[0-9a-f]{10}"', page())
    assert (render.STATIC / "form.css").stat().st_size < 6_000
