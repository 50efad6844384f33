"""A report's page after a refusal: what somebody wrote is there, and what others wrote since."""

import pytest
from starlette.datastructures import FormData
from tests.portal.test_rights import REPORT, SENTENCE, SHOWN_REPORT, drawn

from portal.problems import Problem

pytestmark = pytest.mark.pure


def test_a_refused_form_brings_back_what_was_written_and_undoes_nothing_of_others() -> None:
    sentences = [SENTENCE, {**SENTENCE, "id": "other", "text": "Người khác vừa sửa."}]
    sections = [{**REPORT["sections"][0], "sentences": sentences}]  # type: ignore[index]
    form = FormData([
        ("text:progress.all", "Tôi viết."), ("was:progress.all", str(SENTENCE["text"])),
        ("text:other", "Câu cũ.\r\n"), ("was:other", "Câu cũ."),
    ])  # fmt: skip
    html = drawn("reports/report.html", {
        **SHOWN_REPORT, "report": {**REPORT, "sections": sections, "allowed": ["change"]},
        "form": form, "at": "progress.all", "open_form": "progress.all",
        "problem": Problem(412, {"code": "version_conflict"}),
    })  # fmt: skip
    assert ">Tôi viết.</textarea>" in html
    assert ">Người khác vừa sửa.</textarea>" in html
    assert "Câu cũ." not in html


@pytest.mark.parametrize("act", ["mail", "discard", "copy", "send", "sign", "check", "title"])
def test_what_was_refused_of_any_step_is_said(act: str) -> None:
    html = drawn("reports/report.html", {
        **SHOWN_REPORT, "report": {**REPORT, "allowed": ["discard", "send"]}, "open_form": act,
        "problem": Problem(412, {"code": "version_stale", "detail": "Dữ liệu đã thay đổi"}),
    })  # fmt: skip
    assert html.count('id="problem"') == 1
    assert "Dữ liệu đã thay đổi" in html


def test_what_was_written_into_a_report_that_is_signed_meanwhile_is_not_lost_in_silence() -> None:
    form = FormData([
        ("text:progress.all", "Tôi viết."), ("was:progress.all", str(SENTENCE["text"])),
    ])  # fmt: skip
    html = drawn("reports/report.html", {
        **SHOWN_REPORT, "report": {**REPORT, "state": "signed", "allowed": ["send"]},
        "form": form, "at": "progress.all", "open_form": "progress.all",
        "problem": Problem(409, {"code": "report_not_now", "detail": "Báo cáo đã ký"}),
    })  # fmt: skip
    assert html.count('id="problem"') == 1
    assert "Báo cáo đã ký" in html
    assert "Bạn đã viết nhưng chưa lưu được: Tôi viết." in html
