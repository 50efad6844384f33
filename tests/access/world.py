"""Who asks, and for what: callers of every role, things of one's own unit and of others."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
import xlsxwriter
from tests import signing
from tests.journeys.people import Person, eventually
from tests.journeys.stack import Stack

from devstack.issuer.keys import signing_key
from devstack.issuer.tokens import Signer

RELATIONS = ("own", "helped", "sibling", "department")
"""Of the caller's own unit; of another that the own one helps; of another; of the department."""
UNIT_OF = {"unit_officer": "CCHC", "unit_head": "CCHC", "office": "VP", "admin": "VP"}
HELPED_BY = {"CCHC": "VP", "VP": "CCHC"}  # whose assignment a unit helps with
SIBLING, DEPARTMENT = "TĐKT", "SNV"
HEADS = {"CCHC": "unit_head", "VP": "unit_head_vp", "TĐKT": "unit_head_tdkt"}
COLUMNS = (
    "nobody", "unknown", "external", "unit_officer", "unit_head", "office", "director", "appraiser",
    "auditor", "admin", "service",
)  # fmt: skip
WITH_TOKEN = {"unknown", "service"}  # callers who are no people of the demo
PLAN = {
    "year": 2029, "title": "Kế hoạch của ma trận quyền", "closes_on": "2029-11-30",
    "number": "1/KH-SNV", "issued_on": "2025-04-01", "signer_post": "GIÁM ĐỐC", "signer_name": "A",
}  # fmt: skip
HEADER = ("STT", "Nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn")
ROWS = (
    ("1", "Việc của phòng", "Phòng CCHC", "Văn phòng Sở", "Trước ngày 30/6/2029"),
    ("2", "Việc của Văn phòng", "Văn phòng Sở", "Phòng CCHC", "Trước ngày 30/6/2029"),
    ("3", "Việc của phòng khác", "Phòng TĐKT", "", "Trước ngày 30/6/2029"),
    ("4", "Việc của Sở", "Sở Nội vụ", "", "Trước ngày 30/6/2029"),
)


class World:
    """Gives the address of a route for a caller and a relation."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.demo = stack, stack.demo
        self.office = Person(stack, "office")
        self._callers = {
            name: Person(stack, None if name in {"nobody", *WITH_TOKEN} else name)
            for name in COLUMNS
        }
        self._callers["unknown"].bear(self._stranger())
        self._callers["service"].bear(self._service())
        self.assignments: dict[str, dict[str, Any]] = {}
        self.files: dict[str, str] = {}
        self.extensions: dict[str, str] = {}
        self.contributions: dict[str, str] = {}
        self.instructions: dict[str, str] = {}
        self.unit_reports: dict[str, str] = {}
        self.links: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, str] = {}
        self.bodies: dict[str, str] = {}
        self._asked = "tasks"

    def furnish(self) -> "World":
        """Make what the demo does not have: a plan of its own, evidence, links."""
        self._plan()
        for unit, head in HEADS.items():
            self.files[unit] = self._evidence(unit, Person(self.stack, head))
            self.extensions[unit] = self._extension(unit, Person(self.stack, head))
        self.extensions[DEPARTMENT] = self._extension(DEPARTMENT, None)
        self.contributions = {unit: self._contribution(unit) for unit in (*HEADS, DEPARTMENT)}
        self.unit_reports = {unit: self._unit_report(head) for unit, head in HEADS.items()}
        question = f"/assignments/{self.assignments['CCHC']['id']}/questions"
        asked = Person(self.stack, "unit_head").post("tasks", question, {"words": "Mẫu nào?"})
        self.ids["questions"] = asked["id"]
        self.ids["measures"] = self._measure()
        self.instructions = {unit: self._instruction(unit) for unit in (*HEADS, DEPARTMENT)}
        urging = {
            "assignment_ids": [self.assignments["CCHC"]["id"]],
            "reason": "any",
            "text": "Làm",
        }
        self.ids["urgings"] = self.office.post("tasks", "/urgings", urging)["urging_id"]
        self._inspection()
        self.files[DEPARTMENT] = self._callers["director"].upload("/files", "a.pdf", PDF)["id"]
        rounds = f"/rounds/{self.demo.round_id}"
        for unit in (*HEADS, None):
            body = {"unit_id": unit and self.demo.units[unit], "label": "Ma trận quyền"}
            self.links[unit or DEPARTMENT] = self.office.post("surveys", f"{rounds}/links", body)
        group = {"name": "Nhóm của ma trận quyền", "unit_ids": [self.demo.units[SIBLING]]}
        made = self._callers["admin"].post("tasks", "/unit_groups", group)
        self.ids["unit_groups"] = made["id"]
        read = self._callers["admin"].upload("/directory_imports", "danh-ba.xlsx", workbook())
        self.ids["directory_imports"] = read["id"]
        self._partner()
        feed = {"name": "Ma trận quyền", "transport": "feed"}
        subscribed = self._callers["external"].post("notifications", "/subscriptions", feed)
        self.ids["subscriptions"] = subscribed["id"]
        batch = self.office.post("surveys", f"{rounds}/tickets", {"unit_id": None, "count": 1})
        self.ids["ticket_batches"] = batch["batch_id"]
        self.stack.settle()
        self._sheets()
        self._report()
        self._look_up()
        return self

    def caller(self, name: str) -> Person:
        """Return a caller."""
        return self._callers[name]

    def unit(self, caller: str, relation: str) -> str:
        """Return the unit that stands in a relation to the caller's own."""
        own = UNIT_OF.get(caller, DEPARTMENT)
        others = {"sibling": SIBLING, "department": DEPARTMENT, "own": own}
        return others.get(relation) or HELPED_BY.get(own, "CCHC")

    def fill(self, path: str, caller: str, relation: str, service: str = "tasks") -> str | None:
        """Return the path with something real in each place; None when there is no such thing.

        Raises KeyError for a kind of thing nobody said how to find.
        """
        self._asked = service
        parts = path.strip("/").split("/")
        filled = [
            self._file_or_thing(before, part, caller, relation) if part.startswith("{") else part
            for before, part in zip(["", *parts], parts, strict=False)
        ]
        return None if None in filled else "/" + "/".join(map(str, filled))

    def _shared_view(self) -> str:
        """Return a view of the Office for one call: who may delete it leaves none for the next."""
        shared = {"name": str(uuid4()), "shared_with": "department"}
        return str(self.office.post("tasks", "/saved_views", shared)["id"])

    def _root(self) -> str:
        """Return a trusted root for one call: who may remove it leaves none for the next."""
        made = self._callers["admin"].upload("/trusted_roots", "goc.cer", signing.root().der)
        return str(made["id"])

    def _file_or_thing(self, kind: str, part: str, caller: str, relation: str) -> str | None:
        """Return a thing; with the ending that makes a file of it, `{id}.xlsx`."""
        place, _, ending = part.partition("}")
        found = self._thing(kind, f"{place}}}", caller, relation)
        return found and found + ending

    def _thing(self, kind: str, part: str, caller: str, relation: str) -> str | None:
        unit = self.unit(caller, relation)
        if part == "{body_id}":
            return self.bodies.get(unit)
        by_unit: dict[str, Callable[[], Any]] = {
            "units": lambda: self.demo.units[unit],
            "people": lambda: self.ids[f"person {unit}"],
            "assignments": lambda: self.assignments[unit]["id"],
            "saved_views": self._shared_view,
            "results": lambda: self.assignments[unit].get("result") or uuid4(),
            "findings": uuid4,  # of an inspection that has none
            "extensions": lambda: self.extensions[unit],
            "contributions": lambda: self.contributions[unit],
            "instructions": lambda: self.instructions[unit],
            "unit_reports": lambda: self.unit_reports.get(unit),
            "files": lambda: self.files[unit],
            "links": lambda: self.links[unit]["id"],
            "trusted_roots": self._root,
            "notifications": lambda: self._notification(caller, relation),
            "jobs": lambda: self._job(caller, relation),
        }
        if kind in by_unit:
            found = by_unit[kind]()
            return None if found is None else str(found)
        return self.ids.get(f"{kind} {part}") or self.ids[kind]

    def _notification(self, caller: str, relation: str) -> str | None:
        """Return a notification to the caller, or to the head of a sibling or the director."""
        heads = {"helped": "unit_head_vp", "sibling": "unit_head_tdkt", "department": "director"}
        of = caller if relation == "own" else heads[relation]
        return self.ids.get(f"told {of}") if relation == "own" or of != caller else None

    def _job(self, caller: str, relation: str) -> str | None:
        """Return the office's job of the asked service: nobody else starts any."""
        own = relation == "own"
        return self.ids[f"{self._asked} jobs"] if own == (caller == "office") else None

    def _plan(self) -> None:
        copy = self.office.upload("/files", "ban_da_ky.pdf", PDF)["id"]
        body = {**PLAN, "signed_copy_id": copy, "legal_bases": [], "targets": []}
        plan = self.office.post("tasks", "/plans", body)
        started = self.office.upload(f"/plans/{plan['id']}/imports", "phu_luc.xlsx", appendix())
        path = f"/imports/{started['import_id']}"
        eventually(lambda: self.office.get("tasks", path)["state"] == "ready", within=30)
        self.office.post("tasks", f"{path}/confirm")
        self.office.post("tasks", f"/plans/{plan['id']}/activate")
        units = {id_: code for code, id_ in self.demo.units.items()}
        made = self.office.all("tasks", "/assignments", plan_id=plan["id"])
        self.assignments = {units[each["unit_id"]]: each for each in made}
        self.ids |= {"plans": plan["id"], "imports": started["import_id"]}
        self.ids["objectives"] = str(uuid4())
        self.ids["tasks jobs"] = started["job_id"]

    def _evidence(self, unit: str, head: Person) -> str:
        """Hand in a result with a file, which comes back; the room's officer is accountable."""
        assignment = self.assignments[unit]
        path = f"/assignments/{assignment['id']}"
        changed = self._name_officer(unit, assignment)
        self._name_officer(unit, self._in_force(unit))
        file = head.upload("/files", "minh_chung.xlsx", appendix())["id"]  # not to be drawn
        body = {"note": "Minh chứng.", "file_ids": [file]}
        head.post("tasks", f"{path}/results", body, version=changed["version"])
        assignment["result"] = self.office.get("tasks", path)["results"][0]["id"]
        back = f"{path}/results/{assignment['result']}/return"
        self.office.post("tasks", back, {"reason": "Bổ sung minh chứng"})
        return str(file)

    def _extension(self, unit: str, head: Person | None) -> str:
        """Ask for a later deadline; nobody of the department itself may, so the database does."""
        path = f"/assignments/{self.assignments[unit]['id']}"
        if head is None:
            return self._extension_by_hand(self.assignments[unit])
        version = self.office.get("tasks", path)["version"]
        body = {"due_on": "2030-01-31", "reason": "Chờ ý kiến"}
        return str(head.post("tasks", f"{path}/extensions", body, version=version)["id"])

    def _extension_by_hand(self, assignment: dict[str, Any]) -> str:
        id_ = str(uuid4())
        self.stack.query(
            "tasks",
            "INSERT INTO deadline_extension (id, assignment_id, status, unit_id, due_on,"
            " requested_due_on, reason, requested_at)"
            f" SELECT '{id_}', id, 'open', unit_id, due_on, due_on + 30, 'Chờ ý kiến', now()"
            f" FROM assignment WHERE id = '{assignment['id']}'",
        )
        return id_

    def _contribution(self, unit: str) -> str:
        """Ask the unit that helps; where none does, the database asks the one that leads."""
        assignment = self.assignments[unit]
        if helper := HELPED_BY.get(unit):
            body = {"unit_id": self.demo.units[helper], "what": "Số liệu", "due_on": "2029-06-29"}
            path = f"/assignments/{assignment['id']}/contributions"
            return str(self.office.post("tasks", path, body)["id"])
        id_ = str(uuid4())
        self.stack.query(
            "tasks",
            "INSERT INTO contribution (id, assignment_id, unit_id, what, due_on, status, asked_at)"
            f" SELECT '{id_}', id, unit_id, 'Số liệu', due_on, 'asked', now()"
            f" FROM assignment WHERE id = '{assignment['id']}'",
        )
        return id_

    def _measure(self) -> str:
        """Propose a measure; what lost points, and that somebody named it, the database says."""
        self.stack.query(
            "tasks",
            "INSERT INTO weak_criterion VALUES"
            " (2024, '1.1.1', 'Ban hành kế hoạch', 1, 2, 1, 1, 'Chậm hai năm liền')",
        )
        self.ids |= {"weak_criteria": "2024", "{year} {code}": "1.1.1"}
        body = {"year": 2024, "code": "1.1.1", "words": "Rà soát", "deadline_text": "30/6/2030"}
        return str(self.office.post("tasks", "/measures", body)["id"])

    def _instruction(self, unit: str) -> str:
        body = {
            "plan_id": self.demo.plan_id, "unit_id": self.demo.units[unit], "words": "Báo cáo",
            "deadline_text": "30/6/2030", "issuing_body": "government",
        }  # fmt: skip
        made = self._callers["director"].post("tasks", "/instructions", body)
        # Figures of the demo stay as they are: journeys beside this one count by hand.
        path = f"/assignments/{made['assignment_id']}"
        seen = self.office.get("tasks", path)
        end = {"because": "no_longer_applicable", "reason": "Ma trận quyền"}
        self.office.post("tasks", f"{path}/cancel", end, version=seen["version"])
        return str(made["id"])

    def _unit_report(self, head: str) -> str:
        """Begin a report, which stays with the unit; the department itself reports to nobody."""
        body = {"plan_id": self.ids["plans"]}
        return str(Person(self.stack, head).post("tasks", "/unit_reports", body)["id"])

    def _name_officer(self, unit: str, assignment: dict[str, Any]) -> dict[str, Any]:
        """Make the room's officer accountable; who is for a task in force is told."""
        change = {"accountable_person_id": self._person(UNIT_OFFICERS[unit]), "reason": "Phân công"}
        path = f"/assignments/{assignment['id']}"
        return self.office.patch("tasks", path, change, assignment["version"])

    def _inspection(self) -> None:
        """Plan one of a room by another's head, and propose to handle the room's officer."""
        body = {
            "body": "government", "method": "planned", "unit_id": self.demo.units["CCHC"],
            "starts_on": "2029-03-05", "ends_on": "2029-03-06", "subject": "Ma trận quyền",
            "head_id": self._person("unit_head_tdkt"),
        }  # fmt: skip
        self.ids["inspections"] = self.office.post("tasks", "/inspections", body)["id"]
        proposal = {
            "person_id": self._person("unit_officer"), "kind": "late", "evidence": "Ma trận quyền",
            "measure": "Nhắc nhở",
        }  # fmt: skip
        made = self.office.post("tasks", "/handling_proposals", proposal)
        self.ids["handling_proposals"] = made["id"]

    def _partner(self) -> None:
        """Make a partner of its own: whoever may, revokes it."""
        admin = self._callers["admin"]
        body = {
            "name": "Ma trận quyền", "organisation": "Sở khác", "contact_email": "a@so.example",
            "event_types": ["tasks.*"], "unit_ids": None, "expires_on": "2099-12-31",
        }  # fmt: skip
        made = admin.post("notifications", "/partners", body)
        credential = admin.post("notifications", f"/partners/{made['id']}/credentials", {})
        self.ids |= {"partners": made["id"], "credentials": credential["id"]}

    def _in_force(self, unit: str) -> dict[str, Any]:
        """Return an assignment of the plan of the demo: of a draft nobody is told."""
        of_unit = {"plan_id": self.demo.plan_id, "unit_id": self.demo.units[unit]}
        found = self.office.all("tasks", "/assignments", **of_unit)
        return next(each for each in found if "change" in each["allowed"])

    def _told(self, code: str) -> list[dict[str, Any]]:
        return Person(self.stack, code).get("notifications", "/notifications")["data"]

    def _person(self, code: str) -> str:
        people = self.office.all("tasks", "/people")
        return next(str(each["id"]) for each in people if each["employee_code"] == code)

    def _look_up(self) -> None:
        for unit, head in {**HEADS, DEPARTMENT: "director"}.items():
            self.ids[f"person {unit}"] = self._person(head)
        eventually(lambda: self._told("unit_officer"), within=30)
        for code in {*COLUMNS[3:-1], *HEADS.values()}:
            if told := self._told(code):
                self.ids[f"told {code}"] = told[0]["id"]
        forms = self.office.get("surveys", "/questionnaires")["data"]
        mails = self._callers["admin"].get("notifications", "/deliveries", state="sent", limit=1)
        self.ids |= {
            "calendar": "2025", "par": "2025", "completion_of_year": "2025",
            "coordination": "2025", "rankings": "2025", "versions": "1",
            "score_sheets": "2025", "sub_criteria": "1.1.3",
            "event_types": "tasks.plan_activated.v1",
            "rows {row_number}": "2", "{code} {rest:path}": "a/b",
            "rows {code}": "1.1.1", "parts": "1.1.1", "pages {number}": "1", "static": "form.css",
            "questionnaires": forms[0]["id"], "rounds": self.demo.round_id,
            "public": self.links["CCHC"]["code"], "k": self.links["CCHC"]["code"],
            "satisfaction": self.demo.round_id, "completion": self.demo.plan_id,
            "criteria_sets": self.demo.set_id, "deliveries": mails["data"][0]["id"],
        }  # fmt: skip

    def _report(self) -> None:
        """Make a report and wait for its draft."""
        asked = {"kind": "periodic", "from": "2024-12-15", "to": "2025-12-14"}
        made = self.office.post("reporting", "/reports", asked)
        path = f"/reports/{made['report_id']}"
        eventually(lambda: self.office.get("reporting", path)["state"] == "draft", within=30)
        templates = self.office.get("reporting", "/report_templates", kind="periodic")["data"]
        self.ids |= {
            "report_templates": templates[-1]["id"],
            "reports": made["report_id"],
            "reporting jobs": made["job_id"],
            "report_kinds": "periodic",
            "lists": "units",
        }

    def _sheets(self) -> None:
        """Find the bodies of the demo; the sheet of a sibling is locked, as the database has it."""
        found = self.office.all("reporting", "/bodies")
        self.bodies = {each["code"]: each["id"] for each in found}
        blocks = self.office.all("reporting", "/blocks")
        self.ids |= {"bodies": found[0]["id"], "blocks": blocks[0]["id"], "evidence": str(uuid4())}
        self.stack.query(
            "reporting",
            "UPDATE sheet SET state = 'locked'"
            f" WHERE year = 2025 AND body_id = '{self.bodies[SIBLING]}'",
        )

    def _stranger(self) -> str:
        """Return a good token of somebody the directory does not have."""
        key = signing_key(self.stack.folder.path / "issuer_key.json")
        claims = {"sub": str(uuid4()), "employee_code": "stranger", "roles": ["office"]}
        return Signer(key, self.stack.addresses["issuer"]).access(claims)

    def _service(self) -> str:
        secret = self.stack.variables["SERVICE_CLIENT_SECRET"]
        form = {"grant_type": "client_credentials", "client_id": "demo", "client_secret": secret}
        answer = httpx.post(f"{self.stack.addresses['issuer']}/token", data=form)
        return str(answer.raise_for_status().json()["access_token"])


UNIT_OFFICERS = {"CCHC": "unit_officer", "VP": "unit_officer_vp", "TĐKT": "unit_officer_tdkt"}
PDF = signing.blank()


def workbook() -> bytes:
    """Return the directory's workbook with one unit that changes nothing."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Đơn vị")
        sheet.write_row(0, 0, ["Mã đơn vị", "Tên đơn vị", "Loại đơn vị"])
        sheet.write_row(1, 0, ["VP", "Văn phòng Sở", "Văn phòng, Thanh tra"])
    return content.getvalue()


def appendix() -> bytes:
    """Return an appendix with one task per relation."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet()
    for number, row in enumerate((HEADER, *ROWS)):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()
