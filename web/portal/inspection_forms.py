"""What the forms of inspections and handling proposals say to the service, and their inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from portal.fields import REASON, Field, Fields, named
from portal.forms import day, text, whole
from portal.i18n import mark

MOST = 200  # records of one inspection
SHOWN = 60  # characters of what people wrote behind the name of an input
OF_INSPECTION = named(
    Field("body", mark("Who inspects")),
    Field("method", mark("How")),
    Field("unit_id", mark("Inspected unit")),
    Field("starts_on", mark("First day"), is_day=True),
    Field("ends_on", mark("Last day"), is_day=True),
    Field("subject", mark("What is inspected")),
    Field("head_id", mark("Head of the team")),
    Field("member_ids", mark("Members")),
    Field("substitute_ids", mark("Substitutes")),
    Field("records", mark("Records asked for, one a line")),
    Field("records_due_on", mark("Needed by, where not when the team comes"), is_day=True),
)
OF_ANNOUNCEMENT = named(
    Field("number", mark("Document number"), "announce-number"),
    Field("announced_on", mark("Announced on"), is_day=True),
)
OF_FINDING = named(
    Field("kind", mark("Kind")),
    Field("text", mark("What was found"), "finding-text"),
    Field("criterion_code", mark("Code of the criterion, if any")),
    Field("evidence", mark("What proves it")),
)
OF_CANCELLING = named(Field("reason", mark("Reason"), "cancel-reason"))
OF_RULE = named(
    Field("times", mark("In how many years")),
    Field("periods", mark("Within how many years")),
    Field("remediation_days", mark("Days to remedy a finding")),
    REASON,
)
OF_PROPOSAL = named(
    Field("person_id", mark("Person")),
    Field("head_of_unit_id", mark("Or the head of this unit")),
    Field("kind", mark("Kind")),
    Field("evidence", mark("What proves it")),
    Field("finding_ids", mark("Findings")),
    Field("assignment_ids", mark("Assignments")),
    Field("file_ids", mark("Files, if any"), "files"),
    Field("measure", mark("Proposed measure")),
)
OF_DECISION = named(
    Field("decision", mark("Decision")),
    Field("decided_on", mark("Decided on"), is_day=True),
)


def of_conclusion(findings: Sequence[Mapping[str, Any]]) -> Fields:
    """Return the inputs of a conclusion: two for each finding."""
    fields = named(
        Field("number", mark("Document number"), "conclude-number"),
        Field("issued_on", mark("Issued on"), is_day=True),
        Field("signer_authority", mark("Signed on whose behalf")),
        Field("signer_post", mark("Signer's post")),
        Field("signer_name", mark("Signer's name")),
        Field("plan_id", mark("Plan that takes up the remediations")),
        Field("remediations", mark("What is to be remedied")),
    )
    # Another form of the page has a `text`: what is typed here shall not come back there.
    fields["/text"] = Field("conclusion", mark("Conclusion"), "conclude-text")
    for place, finding in enumerate(findings):
        about = f"{place + 1}: {shortened(finding['words'])}"
        fields |= {
            f"/remediations/{place}/what": Field(
                f"what_{finding['id']}", mark("What is to be done"), about=about
            ),
            f"/remediations/{place}/lead_unit_id": Field(
                f"lead_{finding['id']}", mark("By which unit"), about=about
            ),
        }
    return fields


def of_closing(finding_id: object) -> Fields:
    """Return the input of closing one finding: several of a page may be closed."""
    return named(Field("reason", mark("Reason"), f"close-{finding_id}"))


def shortened(words: str) -> str:
    """Return what people wrote as it fits behind the name of an input."""
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def of_records(records: Sequence[Mapping[str, Any]]) -> Fields:
    """Return the inputs of the records: a day for each, and lines for more."""
    came = {
        f"/records/{place}": Field(
            f"received_{place}", mark("Received on"), is_day=True, about=shortened(each["what"])
        )
        for place, each in enumerate(records)
    }
    due = Field("records_due_on", mark("Needed by, where not when the team comes"), is_day=True)
    known = range(len(records))
    needed = {f"/records/{n}/due_on": due for n in range(MOST) if n not in known}
    return {**came, **needed, **named(Field("records", mark("Records asked for")))}


def of_visit(form: FormData, team: Sequence[Mapping[str, Any]]) -> Fields:
    """Return the inputs of a visit: who came instead, and why, for each who was away."""
    fields = named(
        Field("visited_on", mark("Carried out on"), is_day=True),
        Field("absent", mark("Who was away, and who came instead")),
    )
    for place, (person, _) in enumerate(_replaced(form, team)):
        id_, name = person["person_id"], person["name"]
        who = Field(f"instead_{id_}", mark("Who was away, and who came instead"), about=name)
        why = Field(f"why_{id_}", mark("Reason"), about=name)
        fields |= {f"/absent/{place}": who, f"/absent/{place}/reason": why}
    return fields


def _replaced(
    form: FormData, team: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], str]]:
    """Return who was away, each with who came instead, in the order in which they are sent."""
    chosen = [(each, text(form, f"instead_{each['person_id']}")) for each in team]
    return [(each, other) for each, other in chosen if other]


def read_inspection(form: FormData) -> dict[str, Any]:
    """Return the facts of an inspection."""
    return {
        **{name: text(form, name) for name in ("body", "method", "unit_id", "subject", "head_id")},
        "starts_on": day(form, "starts_on"), "ends_on": day(form, "ends_on"),
        "member_ids": [str(each) for each in form.getlist("member_ids")],
        "substitute_ids": [str(each) for each in form.getlist("substitute_ids")],
    }  # fmt: skip


def read_lines(form: FormData) -> list[dict[str, Any]]:
    """Return what is asked for, a record a line, all by one day."""
    due = {"due_on": day(form, "records_due_on") or None}
    lines = (line.strip() for line in text(form, "records").split("\n"))
    return [{"what": line, **due} for line in lines if line]


def read_records(form: FormData, now: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the records as they are, with the days on which they came, and new ones."""
    came = [
        {**record, "received_on": day(form, f"received_{place}") or None}
        for place, record in enumerate(now)
    ]
    return [*came, *read_lines(form)]


def read_announcement(form: FormData) -> dict[str, Any]:
    """Return the document that announces it."""
    given = {"number": text(form, "number"), "announced_on": day(form, "announced_on")}
    return {name: value for name, value in given.items() if value}


def read_visit(form: FormData, team: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the day, and who came instead of whom."""
    return {
        "visited_on": day(form, "visited_on"),
        "absent": [
            {
                "person_id": each["person_id"], "substitute_id": other,
                "reason": text(form, f"why_{each['person_id']}"),
            }
            for each, other in _replaced(form, team)
        ],
    }  # fmt: skip


def read_finding(form: FormData) -> dict[str, Any]:
    """Return a finding."""
    given = {name: text(form, name) for name in ("kind", "text", "evidence")}
    return {**given, "criterion_code": text(form, "criterion_code") or None}


def read_conclusion(form: FormData, findings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the conclusion, and what is to be done about each finding."""
    names = ("plan_id", "signer_authority", "signer_post", "signer_name")
    return {
        "number": text(form, "number"), "issued_on": day(form, "issued_on"),
        "text": text(form, "conclusion"), **{name: text(form, name) or None for name in names},
        "remediations": [
            {
                "finding_id": each["id"], "lead_unit_id": text(form, f"lead_{each['id']}"),
                "what": text(form, f"what_{each['id']}"),
            }
            for each in findings
        ],
    }  # fmt: skip


def read_rule(form: FormData) -> dict[str, Any]:
    """Return the rule of what is repeated."""
    counts = {name: whole(form, name) for name in ("times", "periods", "remediation_days")}
    return {**counts, "reason": text(form, "reason")}


def read_proposal(form: FormData, file_ids: Sequence[str]) -> dict[str, Any]:
    """Return a handling proposal."""
    return {
        "person_id": text(form, "person_id") or None,
        "head_of_unit_id": text(form, "head_of_unit_id") or None,
        **{name: text(form, name) for name in ("kind", "evidence", "measure")},
        "finding_ids": [str(each) for each in form.getlist("finding_ids")],
        "assignment_ids": [str(each) for each in form.getlist("assignment_ids")],
        "file_ids": list(file_ids),
    }  # fmt: skip


def of_kinds(kinds: Sequence[Mapping[str, Any]]) -> Fields:
    """Return the inputs of the list of kinds: a name for each, one line for a new one."""
    fields = {
        f"/kinds/{place}": Field(f"name_{place}", mark("Name of a kind"))
        for place in range(len(kinds))
    }
    new = {f"/kinds/{len(kinds)}": Field("code_new", mark("Code of a new kind"))}
    return {**fields, **new, "/kinds": Field("name_0", mark("Name of a kind")), "/reason": REASON}


def read_kinds(form: FormData, now: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the kinds as renamed, out of use or in it again, and a new one."""
    kinds = [
        {
            "code": each["code"],
            "name": text(form, f"name_{place}"),
            "in_use": text(form, f"in_use_{place}") == "true",
        }
        for place, each in enumerate(now)
    ]
    if text(form, "code_new") or text(form, "name_new"):
        new = {"code": text(form, "code_new"), "name": text(form, "name_new"), "in_use": True}
        kinds.append(new)
    return {"kinds": kinds, "reason": text(form, "reason")}


def read_decision(form: FormData) -> dict[str, Any]:
    """Return what was decided."""
    on = day(form, "decided_on")
    return {"decision": text(form, "decision"), **({"decided_on": on} if on else {})}


def typed(form: FormData) -> dict[str, Any]:
    """Return what was typed, to show it again; ticks as lists."""
    return {
        name: form.getlist(name) if name.endswith("_ids") else value
        for name, value in form.items()
        if isinstance(value, str)
    }
