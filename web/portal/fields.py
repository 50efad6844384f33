"""The inputs of the forms, by the pointers that the services name them with: one place for all.

An officer reads the words above the input and finds the message beside it, never a pointer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import FormData

from portal.format import DayProblem, day_problem
from portal.i18n import mark
from portal.problems import Problem


@dataclass(frozen=True)
class Field:
    """An input: its name, the words above it, its id where that is not the name.

    `about`: of inputs that are there for each of several things, which one, in its own words.
    """

    name: str
    label: str
    own_id: str = ""
    is_day: bool = False
    about: str = ""

    @property
    def id(self) -> str:
        """Id of the input in the page."""
        return self.own_id or self.name


@dataclass(frozen=True)
class Wrong:
    """One thing to correct. `field` None: of no input. `day`: what is wrong about a day."""

    field: Field | None
    message: str
    day: DayProblem | None = None
    written: str = ""


class FormProblem(Problem):
    """A refused form: each thing to correct, in the order of its inputs."""

    def __init__(self, problem: Problem, wrong: list[Wrong]) -> None:
        """Take the refusal, and what is wrong where."""
        said = {"code": problem.code, "detail": problem.text, "errors": problem.errors}
        super().__init__(problem.status, said)
        self.wrong = wrong

    def at(self, name: str) -> list[Wrong]:
        """Return what is wrong about an input."""
        return [each for each in self.wrong if each.field and each.field.name == name]


Fields = Mapping[str, Field]


def placed(problem: Problem, form: FormData, fields: Fields) -> FormProblem:
    """Return a refusal with each error at its input, by the order of the form.

    A day that nobody can read is ours to explain: the service only knows that it is none.
    """
    order = list(fields.values())
    wrong: dict[Field | str, Wrong] = {}
    for error in problem.errors:
        pointer = str(error.get("pointer", ""))
        found = _find(pointer, fields)
        words = _without_pointer(str(error.get("message", "")), pointer)
        wrong.setdefault(found or str(error), Wrong(found, words))
    for each in order:
        written = str(form.get(each.name) or "").strip() if each.is_day else ""
        if written and (day := day_problem(written)):
            wrong[each] = Wrong(each, "", day, written)
    ordered = sorted(
        wrong.values(), key=lambda one: order.index(one.field) if one.field else len(order)
    )
    return FormProblem(problem, ordered)


def _without_pointer(message: str, pointer: str) -> str:
    """Return a message without the name that only programmers know: «targets.0.value»."""
    name = f"«{pointer.strip('/').replace('/', '.')}»"
    words = message.replace(f" {name}:", ":").replace(name, "").strip(" :")
    return words[:1].upper() + words[1:]


def _find(pointer: str, fields: Fields) -> Field | None:
    while pointer:
        if pointer in fields:
            return fields[pointer]
        pointer = pointer.rpartition("/")[0]
    return None


def named(*inputs: Field) -> dict[str, Field]:
    return {f"/{each.name}": each for each in inputs}


TITLE, YEAR = Field("title", mark("Title")), Field("year", mark("Year"))
REASON = Field("reason", mark("Reason"))
COPY = Field("signed_copy", mark("Signed copy"))
OF_REASON = named(REASON)
OF_TARGETS = {
    "/reason": REASON,
    "/targets/0/value": Field("target_satisfaction", mark("Satisfaction index: over, in percent")),
    "/targets/0/source": Field("target_satisfaction_source", mark("Where the figure is from")),
    "/targets/1/value": Field("target_par", mark("PAR index: not below, in percent")),
    "/targets/1/source": Field("target_par_source", mark("Where the figure is from")),
}
_OF_PLAN = {
    **named(
        TITLE,
        YEAR,
        Field("number", mark("Document number")),
        Field("issued_on", mark("Issued on"), is_day=True),
        Field("signer_authority", mark("Signed on whose behalf")),
        Field("signer_post", mark("Signer's post")),
        Field("signer_name", mark("Signer's name")),
        COPY,
        Field("recipient_unit_ids", mark("Recipients")),
        Field("closes_on", mark("Last allowed day of the units' reports"), is_day=True),
    ),
    **OF_TARGETS,
    "/signed_copy_id": COPY,
    "/file": COPY,
    "/objectives": Field("objective_text_0", mark("Objective")),
}
OF_ROUND = named(
    TITLE,
    Field("questionnaire_id", mark("Questionnaire")),
    YEAR,
    Field("opens_on", mark("First day"), is_day=True),
    Field("closes_on", mark("Last day"), is_day=True),
    Field("method", mark("Formula that is published")),
    Field("aggregator", mark("How questions are put together")),
    Field("min_n", mark("Figures are shown from this many answers")),
    Field(
        "open_in_index",
        mark("Answers without a ticket (open links, paper) join the index at closing"),
    ),
    Field("unit_ids", mark("Units that are surveyed")),
)
OF_PARTNER = named(
    Field("name", mark("Name of the system")),
    Field("organisation", mark("Organisation")),
    Field("contact_email", mark("Contact e-mail")),
    Field("expires_on", mark("Last day"), is_day=True),
    Field("event_types", mark("Event types")),
    Field("read_apis", mark("Read APIs")),
    Field("unit_ids", mark("Units")),
    Field("origins", mark("Its own web pages")),
    Field("subject", mark("Account at the sign-in provider")),
)
OF_SUBSCRIPTION = named(
    Field("name", mark("Name")),
    Field("transport", mark("How events come")),
    Field("url", mark("Receiving address (webhook)")),
    Field("rate_per_second", mark("At most so many a second (webhook)")),
    Field("types", mark("Event types")),
    Field("unit_ids", mark("Units")),
    Field("fields", mark("Only events in which")),
    Field("after", mark("Cursor")),
)
OF_RECOVERY = named(
    Field("since", mark("Since the day"), is_day=True), Field("after", mark("Cursor")), REASON
)
OF_TRIAL = named(Field("type", mark("Event type"), "trial-type"))
OF_TICKETS = named(
    Field("unit_id", mark("Unit that served"), "ticket-unit"), Field("count", mark("How many"))
)
OF_LINK = named(
    Field("label", mark("Where it will hang"), "link-label"),
    Field("unit_id", mark("Unit"), "link-unit"),
)
OF_PROGRESS = named(
    Field("percent", mark("How much is done, in percent")),
    Field("note", mark("What was done")),
    Field("difficulty", mark("Difficulties, if any")),
)
_FILES = Field("files", mark("Evidence files"))
OF_RESULT = {
    **named(Field("note", mark("The result in a few words"), "result-note")),
    "/file_ids": _FILES,
    "/file": _FILES,
}
OF_ACCEPTANCE = named(Field("note", mark("Remark, if any"), "accept-note"))
OF_RETURN = named(Field("reason", mark("Why, and what is missing")))
OF_CHANGE = named(
    Field("due_on", mark("Last allowed day"), is_day=True),
    Field("triggered_on", mark("Day of the event it counts from"), is_day=True),
    Field("trigger_document", mark("Document that set it off")),
    Field("accountable_person_id", mark("Accountable person")),
    Field("helper_ids", mark("Who works on it, too")),
    Field("reason", mark("Reason"), "change-reason"),
)
OF_EXTENSION = named(
    Field("due_on", mark("New last allowed day"), "extension-due_on", is_day=True),
    Field("reason", mark("Reason"), "extension-reason"),
)
OF_APPROVAL = named(
    Field("due_on", mark("Extended to"), "approve-due_on", is_day=True),
    Field("note", mark("Remark, if any"), "approve-note"),
)
OF_REFUSAL = named(Field("reason", mark("Reason"), "refuse-reason"))
_DOCUMENT = Field("document", mark("The document"))
OF_COMMITMENT = {
    **named(
        Field("document_number", mark("Document number")),
        Field("document_date", mark("Day of the document"), is_day=True),
        Field("promised_on", mark("Will be finished by"), is_day=True),
        Field("note", mark("Remark, if any"), "commitment-note"),
    ),
    "/file_id": _DOCUMENT,
    "/file": _DOCUMENT,
}
OF_PAUSE = named(Field("reason", mark("Reason"), "pause-reason"))
OF_RESUME = named(Field("reason", mark("Reason"), "resume-reason"))
OF_END = named(
    Field("because", mark("Why it ends"), "because-cancelled"),
    Field("reason", mark("Reason"), "end-reason"),
)
OF_HANDOVER = named(
    Field("unit_id", mark("Unit that takes it over"), "handover-unit"),
    Field("reason", mark("Reason"), "handover-reason"),
)
OF_ENTRY = {
    **named(
        Field("plan_id", mark("Plan")),
        Field("lead_unit_ids", mark("Units in charge")),
        Field("content", mark("What is to be done"), "row-content"),
        Field("deadline_text", mark("Deadline, in words")),
        Field("product", mark("Product")),
        Field("subject_matter", mark("Subject")),
        Field("section", mark("Section")),
        Field("accountable_person_id", mark("Accountable person")),
        Field("helper_ids", mark("Who works on it, too")),
        Field("coordinating_unit_ids", mark("Coordinating units")),
    ),
    "/source/number": Field("source_number", mark("Number of the document that gives the task")),
    "/source/issued_on": Field("source_issued_on", mark("Day of the document"), is_day=True),
    "/source/title": Field("source_title", mark("What the document is about")),
    **named(
        Field("kpi_group", mark("KPI group")),
        Field("kpi_code", mark("KPI code")),
        Field("number", mark("Number in the plan, if it has one")),
    ),
}
OF_BULK = named(
    Field("accountable_person_id", mark("Accountable person"), "bulk-person"),
    Field("due_on", mark("Last allowed day"), "bulk-due_on", is_day=True),
    Field("because", mark("Why it ends"), "because-cancelled"),
    Field("note", mark("Remark"), "bulk-note"),
    Field("reason", mark("Reason"), "bulk-reason"),
)


def of_carrying(ticked: list[str]) -> Fields:
    """Return the inputs of a list to carry over. `ticked`: the rows that were sent."""
    days = {
        f"/rows/{place}/due_on": Field(f"due_{id_}", mark("New last allowed day"), is_day=True)
        for place, id_ in enumerate(ticked)
    }
    return {
        "/successor_id": Field("successor_id", mark("Plan that takes over")),
        **days,
        **OF_REASON,
    }


def of_plan(basis_places: list[int], objective_places: list[int]) -> Fields:
    """Return the inputs of a plan's form. Given are the lines of bases and objectives sent."""
    bases: dict[str, Field] = {}
    for index, place in enumerate(basis_places):
        bases |= {
            f"/legal_bases/{index}/title": Field(
                f"basis_title_{place}", mark("Document"), f"bt{place}"
            ),
            f"/legal_bases/{index}/number": Field(
                f"basis_number_{place}", mark("Document number"), f"bn{place}"
            ),
            f"/legal_bases/{index}/issued_on": Field(
                f"basis_issued_on_{place}", mark("Issued on"), f"bd{place}", is_day=True
            ),
        }
    objectives: dict[str, Field] = {}
    for index, place in enumerate(objective_places):
        objectives |= {
            f"/objectives/{index}": Field(f"objective_text_{place}", mark("Objective")),
            f"/objectives/{index}/source": Field(
                f"objective_source_{place}", mark("Where the objective is from")
            ),
            f"/objectives/{index}/other_plan_id": Field(
                f"objective_plan_{place}", mark("Completion of the plan")
            ),
        }
    return {**_OF_PLAN, **objectives, **bases}
