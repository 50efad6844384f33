"""What is loaded, in the order in which a department would do it."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from devstack.demo.bodies import Sheets
from devstack.demo.office import DemoFailed, Office
from devstack.demo.plan import plan_of, serve_objectives
from devstack.issuer.people import find_person

DEMO = Path(__file__).resolve().parents[3] / "demo"
APPENDIX = "phu_luc_2025.xlsx"
DONE_SHARE = (
    0.84  # of what has a deadline: above the floor of 1.1.3, so that each further one moves it
)
ANSWERS = 320  # enough for figures to a step of half a percent
OPEN_ANSWERS = 12
ANSWERED = 0.95  # of the questions of a ballot
ACKNOWLEDGING = ("unit_head_ldvl", "unit_head_tdkt", "unit_officer_tdkt")  # the others have yet to
ANSWERING = ("VP", "CCHC", "LĐVL", "NCC")
SATISFIED = (4, 4, 4, 5, 5, 5, 5, 4, 3)  # drawn from; a composed mood a little under the target
Step = tuple[str, Callable[[], None]]


def load(addresses: Mapping[str, str]) -> Iterator[str]:
    """Load everything; yields the name of each step before it is taken, for a progress bar."""
    demo = Demo(Office(addresses))
    for name, step in demo.steps():
        yield name
        step()


class Demo:
    """The demo's data and what was made of it so far."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.units: dict[str, str] = {}
        self.plan_id = self.set_id = self.round_id = ""

    def steps(self) -> list[Step]:
        """Return the steps with what a person reads while they run."""
        return [
            ("Danh bạ đơn vị, cán bộ", self.directory),
            ("Lịch làm việc", self.calendar),
            ("Bộ tiêu chí (dựng mẫu)", self.criteria),
            ("Kế hoạch năm 2025", self.plan),
            ("Nhập phụ lục", self.appendix),
            ("Liên kết nhiệm vụ với tiêu chí", self.links),
            ("Kết quả thực hiện", self.results),
            ("Phiếu khảo sát (dựng mẫu), đợt khảo sát", self.survey),
            ("Phiếu trả lời", self.answers),
            ("Phiếu chấm điểm của các phòng (dựng mẫu)", self.sheets),
            ("Hệ thống đối tác (chạy thử)", self.partner),
        ]

    def directory(self) -> None:
        """Units and people, entered by the administrator of an empty system."""
        known = {unit["code"]: unit["id"] for unit in self._all("admin", "tasks", "/units")}
        for unit in read("units.yaml")["units"]:
            body = {**unit, "parent_id": known.get(unit["parent"])}
            body.pop("parent")
            if unit["code"] not in known:
                made = self.office.post("admin", "tasks", "/units", body)
                known[unit["code"]] = made["id"]
        self.units = known
        people = {person["employee_code"] for person in self._all("admin", "tasks", "/people")}
        for person in read("people.yaml")["people"]:
            if person["employee_code"] not in people:
                body = {**person, "unit_id": known[person["unit"]]}
                body.pop("unit")
                self.office.post("admin", "tasks", "/people", body)

    def calendar(self) -> None:
        """Days off and make-up days."""
        for year, content in read("calendar.yaml")["years"].items():
            days = [
                {"day": str(day["day"]), "working": day["working"], "name": day["name"]}
                for day in content["days"]
            ]
            self.office.put("admin", "tasks", f"/calendar/{year}", {"days": days})

    def criteria(self) -> None:
        """The composed criteria set, in force; the nine indices of procedures as a draft."""
        existing = self._all("office", "reporting", "/criteria_sets")
        made = self._criteria(existing, "criteria_set.yaml")
        self._criteria(existing, "criteria_set_procedures.yaml")
        self.set_id = made["id"]
        if made["status"] == "draft":
            self.office.post("office", "reporting", f"/criteria_sets/{self.set_id}/publish")

    def plan(self) -> None:
        """The department's plan, active."""
        existing = self._all("office", "tasks", "/plans")
        plan = existing[0] if existing else self._new_plan()
        self.plan_id = plan["id"]
        if plan["status"] == "draft":
            self.office.post("office", "tasks", f"/plans/{self.plan_id}/activate")
        for head in ACKNOWLEDGING:
            self.office.post(head, "tasks", f"/plans/{self.plan_id}/acknowledge")

    def appendix(self) -> None:
        """The plan's appendix, imported and confirmed."""
        if self.office.get("office", "tasks", "/assignments", limit=1)["data"]:
            return
        content = (DEMO / APPENDIX).read_bytes()
        started = self.office.post(
            "office", "tasks", f"/plans/{self.plan_id}/imports", files={"file": (APPENDIX, content)}
        )
        path = f"/imports/{started['import_id']}"
        found = self._wait(lambda: self.office.get("office", "tasks", path), "reading")
        if found["state"] != "ready":
            raise DemoFailed(f"import: {found['error']}")
        self.office.post("office", "tasks", f"{path}/confirm")
        serve_objectives(self.office, self.plan_id)

    def links(self) -> None:
        """Which task serves which sub-criterion: the office confirms."""
        wanted = read("criteria_links.yaml")["links"]
        path = f"/criteria_sets/{self.set_id}/links"

        def tasks() -> dict[str, str]:
            groups = self.office.get("office", "reporting", path)
            every = [item for group in groups.values() for item in group]
            return {item["task_number"]: item["task_id"] for item in every}

        known = self._until(tasks, lambda found: len(found) >= len(wanted), "tasks at reporting")
        links = [
            {"task_id": task_id, "sub_criteria": [wanted[number]]}
            for number, task_id in known.items()
            if number in wanted
        ]
        self.office.put("office", "reporting", path, {"links": links})

    def results(self) -> None:
        """Units hand in results, the office accepts most of them."""
        heads = {p["unit"]: p["employee_code"] for p in people() if p["role"] == "unit_head"}
        codes = {unit_id: code for code, unit_id in self.units.items()}
        every = [a for a in self._all("office", "tasks", "/assignments") if a["due_on"]]
        chosen = random.Random(2025).sample(every, int(len(every) * DONE_SHARE))  # noqa: S311 - as below
        for assignment in chosen:
            if assignment["status"] == "not_started" and codes[assignment["unit_id"]] in heads:
                self._carry_out(assignment, heads[codes[assignment["unit_id"]]])

    def survey(self) -> None:
        """The composed questionnaire and an open round with one link per unit."""
        existing = self._all("office", "surveys", "/rounds")
        if existing:
            self.round_id = existing[0]["id"]
            return
        form = self.office.post("office", "surveys", "/questionnaires", read("questionnaire.yaml"))
        self.office.post("office", "surveys", f"/questionnaires/{form['id']}/publish")
        body = {
            "title": "Khảo sát hài lòng đợt 1 năm 2025 (chạy thử)", "year": 2025,
            "questionnaire_id": form["id"], "method": "share", "aggregator": "pooled",
            "opens_on": "2025-09-01", "closes_on": "2027-12-31", "min_n": 30,
            "unit_ids": [id_ for code, id_ in self.units.items() if code != "SNV"],
        }  # fmt: skip
        self.round_id = self.office.post("office", "surveys", "/rounds", body)["id"]
        self.office.post("office", "surveys", f"/rounds/{self.round_id}/open")

    def answers(self) -> None:
        """Citizens answer with the tickets of four units, and some through their open links."""
        path = f"/rounds/{self.round_id}"
        counts = self.office.get("office", "surveys", f"{path}/answers_count")
        if any(lane["counted"] for lane in counts["lanes"]):
            return
        round_ = self.office.get("office", "surveys", path)
        form = self.office.get("office", "surveys", f"/questionnaires/{round_['questionnaire_id']}")
        scaled = [q["code"] for q in form["questions"] if q["kind"] == "scale5"]
        codes = [*self._tickets(ANSWERS), *self._links(OPEN_ANSWERS)]
        chance = random.Random(2025)  # noqa: S311 - a repeatable mood, no secret
        for code in codes:
            answers = {
                code: chance.choice(SATISFIED) for code in scaled if chance.random() < ANSWERED
            }
            body = {
                "response_id": str(UUID(int=chance.getrandbits(128), version=4)),
                "answers": answers, "choices": {}, "text": {},
            }  # fmt: skip
            self.office.answer_survey(code, body)

    def sheets(self) -> None:
        """A block of bodies with a published year and an open one."""
        Sheets(self.office, read("bodies.yaml"), self.units, people()).load()

    def partner(self) -> None:
        """Another system, by its client at the development issuer: `make token AS=external`."""
        if self._all("admin", "notifications", "/partners"):
            return
        client = find_person(DEMO / "people.yaml", "external")
        body = {
            "name": "Hệ thống bên ngoài (thử nghiệm)", "organisation": "Đơn vị chạy thử",
            "contact_email": "external@snv.example", "event_types": ["*"],
            "read_apis": ["figures", "assignments"], "unit_ids": None,
            "subject": client and client.subject,
            "expires_on": str(datetime.now(UTC).date() + timedelta(days=365)),
        }  # fmt: skip
        self.office.post("admin", "notifications", "/partners", body)

    def _tickets(self, count: int) -> list[str]:
        """Issue tickets, as many to each unit; return their codes, unit by unit in turn."""
        batches = []
        for unit in ANSWERING:
            body = {"unit_id": self.units[unit], "count": count // len(ANSWERING)}
            path = f"/rounds/{self.round_id}/tickets"
            made = self.office.post("office", "surveys", path, body)["tickets"]
            batches.append([ticket["code"] for ticket in made])
        return [code for turn in zip(*batches, strict=True) for code in turn]

    def _links(self, answers: int) -> list[str]:
        """Make a link for each unit's counter; return the codes of so many answers through them."""
        path = f"/rounds/{self.round_id}/links"
        codes = []
        for unit in ANSWERING:
            body = {"unit_id": self.units[unit], "label": f"Quầy {unit}"}
            codes.append(self.office.post("office", "surveys", path, body)["code"])
        return [codes[i % len(codes)] for i in range(answers)]

    def _carry_out(self, assignment: dict[str, Any], head: str) -> None:
        path = f"/assignments/{assignment['id']}"
        body = {
            "note": "Đã hoàn thành, sản phẩm lưu tại đơn vị (dữ liệu chạy thử).",
            "file_ids": [],
        }
        self.office.post(head, "tasks", f"{path}/results", body, version=assignment["version"])
        result = self.office.get("office", "tasks", path)["results"][0]
        accept = f"{path}/results/{result['id']}/accept"
        self.office.post("office", "tasks", accept, {"note": None})

    def _criteria(self, existing: list[dict[str, Any]], name: str) -> dict[str, Any]:
        """Return the first version of a file's set, made when there is none."""
        content = read(name)
        found = next((each for each in existing if each["code"] == content["code"]), None)
        made: dict[str, Any] = found or self.office.post(
            "office", "reporting", "/criteria_sets", content
        )
        return made

    def _new_plan(self) -> dict[str, Any]:
        content = plan_of(self.office, list(self.units.values()))
        made: dict[str, Any] = self.office.post("office", "tasks", "/plans", content)
        return made

    def _all(self, who: str, service: str, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            query = {"limit": 200, **({"cursor": cursor} if cursor else {})}
            page = self.office.get(who, service, path, **query)
            found += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def _wait(self, read_: Callable[[], Any], state: str) -> Any:
        return self._until(read_, lambda found: found["state"] != state, "import")

    def _until(self, read_: Callable[[], Any], well: Callable[[Any], bool], what: str) -> Any:
        until = time.monotonic() + 60
        while not well(found := read_()):
            if time.monotonic() > until:
                raise DemoFailed(f"{what} did not come within a minute")
            time.sleep(0.2)
        return found


def read(name: str) -> Any:
    """Return a file of the demo."""
    return yaml.safe_load((DEMO / name).read_text())


def people() -> Sequence[dict[str, Any]]:
    """Return the demo's people."""
    found: Sequence[dict[str, Any]] = read("people.yaml")["people"]
    return found
