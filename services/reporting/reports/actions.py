"""What is done to reports: made, changed, checked, signed for good, sent."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import local_date
from chassis.errors import NotFound
from chassis.files import FileStore, Kind
from chassis.ids import new_id
from chassis.jobs import enqueue
from chassis.rules import RuleBroken
from chassis.web import check_version
from chassis.words import N_, Sentence
from contracts.reports import ReportIssued
from reporting.reports import drafting, kinds, mailing, templates
from reporting.reports.composed import composed_of, notice_of
from reporting.reports.domain import (
    DISCARDED,
    ISSUED,
    backwards,
    check_confirmed,
    check_day,
    check_read,
    check_state,
    folded,
    needs_plan,
    no_section,
    no_sentence,
    no_words,
    plain_number,
)
from reporting.reports.drafting import Drafted, from_json
from reporting.reports.events import state_of, waiting
from reporting.reports.lists import sha256
from reporting.reports.making import MAKE_REPORT
from reporting.reports.models import Report, Sending
from reporting.reports.papers import word_of
from reporting.reports.reading import state_now, taken
from reporting.reports.remarks import remarks_of
from reporting.sources import offered
from reporting.sources.views import is_in_force

_WORD = frozenset[Kind]({"docx"})
_NO_PLAN = N_("Không có kế hoạch này, hoặc kế hoạch chưa được ban hành")
_INACTIVE = N_("Loại báo cáo «{kind}» đã ngừng dùng: hãy chọn loại khác")
_TAKEN = N_("Số {number} năm {year} đã dùng cho báo cáo «{title}»: hãy kiểm tra lại số văn bản")
_TURN = text("SELECT pg_advisory_xact_lock(hashtext('report_number'), :year)")
_DAYS = (date(2000, 1, 1), date(2100, 12, 31))


async def make(
    session: AsyncSession, actor: Actor, *, kind_code: str, start: date, end: date,
    plan_id: UUID | None, title: str | None, now: datetime,
) -> Report:  # fmt: skip
    """Enter a report and enqueue the job that makes it. Raises NotFound, InputRefused."""
    stored = await kinds.find(session, kind_code)
    kind = kinds.body_of(stored)
    if not kind.active:
        raise RuleBroken("report_kind_inactive", Sentence(_INACTIVE, {"kind": kind.name}))
    for pointer, day in (("/from", start), ("/to", end)):
        check_day(pointer, day, *_DAYS)
    if start > end:
        raise backwards(f"{start:%d/%m/%Y}", f"{end:%d/%m/%Y}")
    if kind.needs_plan and plan_id is None:
        raise needs_plan(kind.name)
    if plan_id is not None and not await is_in_force(session, plan_id):
        raise NotFound(_NO_PLAN, code="plan_not_found")
    id_ = new_id()
    job = await enqueue(session, MAKE_REPORT, {"report_id": str(id_)}, actor.person_id)
    report = Report(
        id=id_, version=1, kind_code=stored.code, kind_name=kind.name, title=title or "",
        search=folded(f"{title or ''} {kind.name}"), starts_on=start, ends_on=end, plan_id=plan_id,
        state="preparing", job_id=job.id, sentences=[], created_by=actor.person_id, created_at=now,
    )  # fmt: skip
    session.add(report)
    after = {"kind": stored.code, "from": start.isoformat(), "to": end.isoformat()}
    await traces.leave(session, actor, "report.create", id_, now=now, after=after)
    return report


async def retry(session: AsyncSession, actor: Actor, report: Report, now: datetime) -> None:
    """Enqueue another job for a report whose job failed; one that runs is waited for."""
    state = await state_now(session, report)
    if state == "preparing":
        return
    check_state(state, "retry")
    before = {"job_id": str(report.job_id)}
    job = await enqueue(session, MAKE_REPORT, {"report_id": str(report.id)}, actor.person_id)
    report.job_id = job.id
    report.version += 1
    await traces.leave(
        session, actor, "report.retry", report.id, now=now, before=before,
        after={"job_id": str(job.id)},
    )  # fmt: skip


async def change(
    session: AsyncSession, actor: Actor, report: Report, values: Mapping[str, Any],
    expected: int, now: datetime,
) -> None:  # fmt: skip
    """Change title and sentences; a checked report is a draft again, if anything is another.

    Raises RuleBroken, StaleVersion, InputRefused.
    """
    check_version(report.version, expected)
    check_state(report.state, "change")
    before = {"title": report.title, "state": report.state}
    former = {each["id"]: each["text"] for each in report.sentences}
    title = values.get("title") or report.title
    sentences = [from_json(each) for each in report.sentences]
    for place, wanted in enumerate(values.get("sentences", ())):
        sentences = _changed(report, sentences, place, wanted)
    stored = [each.as_json() for each in sentences]
    if (title, stored) == (report.title, report.sentences):
        return
    report.title, report.sentences = title, stored
    report.search = folded(f"{title} {report.kind_name}")
    report.state, report.checked_by, report.checked_at = "draft", None, None
    report.template_id = None
    report.version += 1
    told = {e.id: e.text for e in sentences if former.get(e.id) != e.text}
    waited = [waiting(report)] if before["state"] == "checked" else []
    await traces.leave(
        session, actor, "report.change", report.id, *waited, now=now,
        before={**before, "sentences": {id_: former.get(id_) for id_ in told}},
        after={"title": report.title, "state": report.state, "sentences": told},
    )  # fmt: skip


def _changed(
    report: Report, sentences: list[Drafted], place: int, wanted: Mapping[str, Any]
) -> list[Drafted]:
    id_, section = wanted.get("id"), wanted.get("section")
    if id_ is None:
        known = {each["id"] for each in (report.snapshot or {})["kind"]["outline"]}
        if section not in known:
            raise no_section(place, section or "")
        if not wanted["text"].strip():
            raise no_words(place)
        return drafting.added(sentences, str(section), wanted["text"])
    if id_ not in {each.id for each in sentences}:
        raise no_sentence(place, id_)
    return [drafting.changed(e, wanted["text"]) if e.id == id_ else e for e in sentences]


async def check(
    session: AsyncSession, actor: Actor, report: Report, expected: int, now: datetime,
    *, remarks_read: bool,
) -> None:  # fmt: skip
    """Say that a draft was read and is right, in the template it is written in now.

    `remarks_read`: with what there is to be known of it, else RuleBroken where there is anything.
    """
    check_version(report.version, expected)
    check_state(report.state, "check")
    template = await templates.chosen(session, report)
    remarks = await remarks_of(session, report, template)
    check_read([each.message for each in remarks], read=remarks_read)
    report.template_id = template.id if template else None
    report.state, report.checked_by, report.checked_at = "checked", actor.person_id, now
    report.version += 1
    after = {"template_id": report.template_id and str(report.template_id),
             "remarks": [each.message for each in remarks]}  # fmt: skip
    event = waiting(report)
    await traces.leave(session, actor, "report.check", report.id, event, now=now, after=after)


async def discard(
    session: AsyncSession, actor: Actor, report: Report, reason: str, expected: int, now: datetime
) -> None:
    """Put a report aside that is not to be signed: it is kept, and listed where asked for.

    Raises RuleBroken, StaleVersion.
    """
    check_version(report.version, expected)
    before = await state_now(session, report)
    check_state(before, "discard")
    report.state = "discarded"
    report.version += 1
    waited = [waiting(report)] if before == "checked" else []
    await traces.leave(
        session, actor, DISCARDED, report.id, *waited, now=now, before={"state": before},
        after={"state": report.state}, reason=reason,
    )  # fmt: skip


async def sign(
    session: AsyncSession, actor: Actor, files: FileStore, report: Report,
    values: Mapping[str, Any], expected: int, now: datetime,
) -> None:  # fmt: skip
    """Enter how a checked report was signed; keep its document, and let the world know."""
    check_version(report.version, expected)
    check_state(report.state, "sign")
    template = await templates.chosen(session, report)
    composed = await composed_of(session, report, template)
    check_confirmed([each.name for each in composed if each.confirmed_at is None])
    snapshot = taken(report)
    since = local_date(datetime.fromisoformat(snapshot["taken_at"]))
    check_day("/signed_on", values["signed_on"], since, local_date(now))
    number = f"{plain_number(values['number'])}/{snapshot['kind']['symbol']}"
    await _check_number(session, number, values["signed_on"])
    report.number, report.signed_on = number, values["signed_on"]
    report.signer_titles, report.signer_name = values["signer_titles"], values["signer_name"]
    report.signed_by, report.signed_at, report.state = actor.person_id, now, "signed"
    report.search = folded(f"{report.search} {number}")
    report.version += 1
    with session.no_autoflush:  # stored at once: what is signed never changes
        write = await word_of(session, files, report, template, notice_of(composed))
        kept = await files.save(
            session, name=f"{number.replace('/', '-')}.docx", content=await write(),
            uploaded_by=actor.person_id, allowed=_WORD,
        )  # fmt: skip
    report.document_file_id = kept.id
    report.signed_sha256 = sha256(signed_document(report, kept.sha256))
    after = {"number": number, "signed_on": report.signed_on.isoformat(),
             "sha256": report.signed_sha256}  # fmt: skip
    event = ReportIssued(report=state_of(report))
    await offered.keep(session, [offered.of_issued(event.report)])
    await traces.leave(
        session, actor, "report.sign", report.id, event, waiting(report), now=now, after=after
    )


def signed_document(report: Report, document: str) -> dict[str, Any]:
    """Return all that was signed: its canonical JSON gives `signed_sha256`.

    `document`: SHA-256 of the .docx.
    """
    return {
        "document": document, "snapshot": report.sha256, "title": report.title,
        "number": report.number,
        "signed_on": report.signed_on and report.signed_on.isoformat(),
        "signer": [*(report.signer_titles or []), report.signer_name],
        "text": [[each["section"], each["text"]] for each in report.sentences if each["text"]],
    }  # fmt: skip


async def _check_number(session: AsyncSession, number: str, signed_on: date) -> None:
    await session.execute(_TURN, {"year": signed_on.year})
    first, last = date(signed_on.year, 1, 1), date(signed_on.year, 12, 31)
    other = await session.scalar(
        select(Report.title)
        .where(func.lower(func.ltrim(Report.number, "0")) == number.lstrip("0").lower())
        .where(Report.signed_on.between(first, last))
        .limit(1)
    )
    if other is not None:
        facts = {"number": number, "year": str(signed_on.year), "title": other}
        raise RuleBroken("report_number_taken", Sentence(_TAKEN, facts))


async def send(
    session: AsyncSession, actor: Actor, report: Report, values: Mapping[str, Any], now: datetime
) -> None:
    """Enter to whom a signed report was sent, or mail it; what stands is not entered twice."""
    check_state(report.state, "send")
    if await _is_entered(session, report, values):
        return
    check_day("/sent_on", values["sent_on"], report.signed_on or date.max, local_date(now))
    made = Sending(id=new_id(), report_id=report.id, sent_by=actor.person_id, sent_at=now, **values)
    session.add(made)
    if made.mail_to is not None:
        await mailing.enqueue(session, actor, report, made, now)
    report.state = "sent"
    report.version += 1
    after = {"recipient": made.recipient, "sent_on": made.sent_on.isoformat(),
             "channel": made.channel, "mail_to": made.mail_to}  # fmt: skip
    await traces.leave(session, actor, "report.send", report.id, now=now, after=after)


async def _is_entered(session: AsyncSession, report: Report, values: Mapping[str, Any]) -> bool:
    same = [getattr(Sending, name).is_not_distinct_from(value) for name, value in values.items()]
    stands = Sending.mail_state.is_distinct_from("failed")
    wanted = select(Sending.id).where(Sending.report_id == report.id, stands, *same).limit(1)
    return await session.scalar(wanted) is not None


def is_issued(report: Report) -> bool:
    """Tell whether a report is out: all staff may read it."""
    return report.state in ISSUED
