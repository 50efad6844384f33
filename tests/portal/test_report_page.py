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
