"""S: from a citizen's answer to the department's figure, through the whole product."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from benchmarks.ballots import patterns, questionnaire
from benchmarks.figures import PATIENCE, Figures, Outcome, WrongFigures
from benchmarks.load import Record, ballot, prepare, send
from benchmarks.stack import Stack, Usage


class Round:
    """An open round with an open link for each of its units, and what was sent to it."""

    def __init__(self, stack: Stack, units: int) -> None:
        """Make units, questionnaire, round and links over the APIs."""
        self.stack, self.units = stack, units
        office = stack.demo.office
        ids = [self._unit(number) for number in range(units)]
        form = self._form()
        body = {
            "title": f"Đo tốc độ, {units} đơn vị, {uuid4()}", "year": 2025,
            "questionnaire_id": form,
            "method": "share", "aggregator": "pooled", "opens_on": "2025-09-01",
            "closes_on": "2027-12-31", "min_n": 30, "unit_ids": ids, "open_in_index": True,
        }  # fmt: skip
        made = _patiently(lambda: office.post("office", "surveys", "/rounds", body))
        self.id = UUID(made["id"])
        office.post("office", "surveys", f"/rounds/{self.id}/open")
        self.doors = [(f"/v1/public/{self._link(unit)}/responses", unit) for unit in ids]
        self.figures = Figures(stack.databases["reporting"], self.id)
        self._wait_known()

    def send(self, **order: Any) -> Record:
        """Send ballots and remember which cells they must move."""
        port = urlsplit(self.stack.addresses["surveys"]).port
        record = send(self.stack.folder.path, port=port, doors=self.doors, **order)
        if record.failures:
            raise WrongFigures(f"not every ballot was accepted: {record.failures}")
        self.figures.sent += record.sent
        return record

    def send_tickets(self, count: int, **order: Any) -> Record:
        """As `send`, each ballot with a one-time ticket of its own: only these are released."""
        return self.send(**self._tickets_order(count), **order)

    def run_tickets(self, count: int, **order: Any) -> Outcome:
        """As `run`, each ballot with a one-time ticket of its own."""
        return self.run(**self._tickets_order(count), **order)

    def _tickets_order(self, count: int) -> dict[str, Any]:
        path = prepare(self.stack.folder.path, self._with_tickets(count))
        return {"prepared": path, "seconds": PATIENCE, "most": count}

    def run(self, **order: Any) -> Outcome:
        """Send ballots, wait until all are counted, check every cell; return what was measured."""
        usage = Usage(self.stack)
        record = self.send(**order)
        self.figures.wait_counted()
        cpu = usage.cpu()
        self.figures.check()
        outcome = self.figures.outcome(record)
        outcome.cpu = cpu
        return outcome

    def _with_tickets(self, count: int) -> Iterator[tuple[UUID, str, int, bytes]]:
        made = patterns()
        each = -(-count // self.units)
        for number in range(count):
            if number % each == 0:
                unit = self.doors[number // each][1]
                codes = iter(self._tickets(unit, each))
            pattern = number % len(made)
            path, id_ = f"/v1/public/{next(codes)}/responses", uuid4()
            yield id_, unit, pattern, ballot(path, id_, made[pattern].body)

    def _tickets(self, unit: str, count: int) -> list[str]:
        path, body = f"/rounds/{self.id}/tickets", {"unit_id": unit, "count": count}
        made = self.stack.demo.office.post("office", "surveys", path, body)["tickets"]
        return [ticket["code"] for ticket in made]

    def _unit(self, number: int) -> str:
        body = {
            "code": f"B{number:03}", "name": f"Đơn vị đo {number:03}", "kind": "room",
            "sort_order": 1000 + number,
        }  # fmt: skip
        made: str = self.stack.demo.office.post("admin", "tasks", "/units", body)["id"]
        return made

    def _form(self) -> str:
        office = self.stack.demo.office
        form = office.post("office", "surveys", "/questionnaires", questionnaire())
        if form["status"] == "draft":
            office.post("office", "surveys", f"/questionnaires/{form['id']}/publish")
        return str(form["id"])

    def _link(self, unit: str) -> str:
        body = {"unit_id": unit, "label": f"Quầy {unit}"}
        path = f"/rounds/{self.id}/links"
        made: str = self.stack.demo.office.post("office", "surveys", path, body)["code"]
        return made

    def _wait_known(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.figures.rows("SELECT 1 FROM survey_round WHERE id = $1"):
            if time.monotonic() > until:
                raise WrongFigures("the round did not reach reporting")
            time.sleep(0.1)


def _patiently(work: Callable[[], Any]) -> Any:
    """Try again while the units are still on their way to surveys."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except Exception:  # raised again when patience ends
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
