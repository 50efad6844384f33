"""What somebody who checks a report has to know of it, beside its text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ResponseBody
from reporting.report_templates.models import ReportTemplate
from reporting.reports.domain import ISSUED
from reporting.reports.kind_versions import known_by
from reporting.reports.kinds import find
from reporting.reports.models import Report
from reporting.reports.numbers import written
from reporting.reports.reading import taken as taken_of

_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_NO_DATA = "Mục «{section}» sẽ in câu «{text}»: hãy viết vào mục, hoặc bỏ câu đó để bỏ cả mục"
_NOT_IN_FIGURES = "{numbers} không có trong số liệu của câu"
_BEHIND = (
    "Mẫu phiên bản {number} làm trước khi loại báo cáo có thêm: {added}. Hãy xem bản Word đã có đủ "
    "chưa, nếu chưa thì sửa mẫu"
)
_OF_KIND = (("addressed_to", "kính gửi"), ("copies_to", "nơi nhận"))
Code = Literal["section_without_data", "number_without_figure", "template_behind"]


class Remark(ResponseBody):
    """Something to know before a report is checked. `at`: the id of its section or sentence."""

    code: Code
    at: str | None
    message: str


async def remarks_of(
    session: AsyncSession, report: Report, template: ReportTemplate | None
) -> list[Remark]:
    """Return what is to be known of a report that is not signed yet. `template`: it is written in.

    None: in the layout of its kind.
    """
    if report.snapshot is None or report.state in ISSUED:
        return []
    behind = await _behind(session, report, template)
    return [*_on_text(report.sentences, report.snapshot), *behind]


def _on_text(sentences: Sequence[Mapping[str, Any]], taken: Mapping[str, Any]) -> Iterator[Remark]:
    headings = {each["id"]: each["heading"] for each in taken["kind"]["outline"]}
    figures = {each["id"]: each for each in taken["figures"]}
    for each in sentences:
        if each["no_data"] and each["text"] == each["drafted"]:
            said = _NO_DATA.format(section=headings[each["section"]], text=each["text"])
            yield Remark(code="section_without_data", at=each["section"], message=said)
        if each["changed"] and each["figures"] and (wrong := strange(each, figures)):
            said = _NOT_IN_FIGURES.format(numbers=", ".join(wrong))
            yield Remark(code="number_without_figure", at=each["id"], message=said)


async def _behind(
    session: AsyncSession, report: Report, template: ReportTemplate | None
) -> list[Remark]:
    """Return what the kind has gained since the template was made for it."""
    kind: Mapping[str, Any] = taken_of(report)["kind"]
    if template is None or template.file_id is None or template.kind_version >= kind["version"]:
        return []
    stored = await find(session, report.kind_code)
    before = (await known_by(session, stored, template.kind_version)).model_dump(mode="json")
    known = {each["id"] for each in before["outline"]}
    added = [f"mục «{each['heading']}»" for each in kind["outline"] if each["id"] not in known]
    for name, words in _OF_KIND:
        added += [f"{words} «{each}»" for each in kind[name] if each not in before[name]]
    if not added:
        return []
    said = _BEHIND.format(number=template.number, added="; ".join(added))
    return [Remark(code="template_behind", at=None, message=said)]


def strange(sentence: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the numbers of a sentence that are neither its figures nor in what was drafted."""
    own = [figures[id_] for id_ in sentence["figures"] if id_ in figures]
    shown = " ".join(written(each["kind"], each["value"]) for each in own)
    known = set(_NUMBER.findall(f"{shown} {sentence['drafted']}"))
    return [each for each in dict.fromkeys(_NUMBER.findall(sentence["text"])) if each not in known]
