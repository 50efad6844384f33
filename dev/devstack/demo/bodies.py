"""A block of bodies: a published year of sheets, and the running year's, open to be filled."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chassis.clock import local_date
from devstack.demo.office import Office

Body = Mapping[str, Any]


class Sheets:
    """Opens, fills, appraises and publishes what `demo/bodies.yaml` says."""

    def __init__(
        self, office: Office, data: Mapping[str, Any], units: Mapping[str, str],
        people: Sequence[Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.office, self.data, self.units = office, data, units
        self.heads = {p["unit"]: p["employee_code"] for p in people if p["role"] == "unit_head"}
        self.ids: dict[str, str] = {}

    def load(self) -> None:
        """Make the block and its bodies, publish a year, open the next. Once."""
        if self.office.get("office", "reporting", "/blocks", limit=1)["data"]:
            return
        made = self.office.post("office", "reporting", "/criteria_sets", self.data["criteria_set"])
        self.office.post("office", "reporting", f"/criteria_sets/{made['id']}/publish")
        block = self._block()
        for body in self.data["bodies"]:
            self.ids[body["unit"]] = self._body(block, body)
        self._open(block, self.data["year"])
        for body in self.data["bodies"]:
            if "points" in body:
                self._publish(body)
        self._open(block, self.data["now"]["year"])
        for unit, rows in self.data["last_year"].items():
            path = f"{self._path(unit, self.data['now']['year'])}/last_year"
            self.office.post("office", "reporting", path, {"rows": rows})

    def _block(self) -> str:
        people = self.office.get("office", "tasks", "/people", limit=200)["data"]
        named = {each["employee_code"]: each["id"] for each in people}
        appraisers = [named[code] for code in self.data["appraisers"]]
        body = {**self.data["block"], "appraisers": appraisers}
        return str(self.office.post("office", "reporting", "/blocks", body)["id"])

    def _body(self, block: str, body: Body) -> str:
        unit = self.units[body["unit"]]
        name = self.office.get("office", "tasks", f"/units/{unit}")["name"]
        made = {
            "code": body["unit"], "name": name, "block_id": block, "unit_id": unit,
            "ineligible_reason": body.get("ineligible"),
        }  # fmt: skip
        return str(self.office.post("office", "reporting", "/bodies", made)["id"])

    def _open(self, block: str, year: int) -> None:
        last_day = local_date(datetime.now(UTC)) + timedelta(days=self.data["open_days"])
        body = {"block_id": block, "closes_on": str(last_day)}
        self.office.post("office", "reporting", f"/score_sheets/{year}/rounds", body)

    def _publish(self, body: Body) -> None:
        """Take a sheet all the way: scored, locked, appraised, approved, published."""
        unit = body["unit"]
        head = self.heads[unit]
        rows = {f"T{n}.1.1": points for n, points in enumerate(body["points"], 1)}
        claimed: Mapping[str, Sequence[str]] = body.get("claimed", {})
        for code, points in rows.items():
            given = {"points": claimed[code][0] if code in claimed else str(points)}
            if points is None:
                given = {"not_applicable_reason": "Không có nhiệm vụ thuộc lĩnh vực này"}
            note = {"note": "Theo sổ theo dõi của đơn vị (dữ liệu chạy thử)"}
            self._act(head, unit, f"rows/{code}/self_scores", {**given, **note}, 1)
        self._step(head, unit, "lock")
        for code, points in rows.items():
            decided: dict[str, Any] = {"points": str(points)}
            if points is None:
                decided = {"not_applicable_accepted": True}
            if code in claimed:
                decided["note"] = claimed[code][1]
            self._act("appraiser", unit, f"rows/{code}/appraisals", decided, 2)
        self._step("appraiser", unit, "lock")
        self._step("director", unit, "approve")
        self._step("office", unit, "publish")

    def _step(self, who: str, unit: str, step: str) -> None:
        sheet = self.office.get("office", "reporting", self._path(unit, self.data["year"]))
        self._act(who, unit, step, None, sheet["version"])

    def _act(self, who: str, unit: str, act: str, body: Any, version: int) -> None:
        path = f"{self._path(unit, self.data['year'])}/{act}"
        key = str(uuid5(NAMESPACE_URL, f"{who}{path}{body}{version}"))
        self.office.post(who, "reporting", path, body, key=key, version=version)

    def _path(self, unit: str, year: int) -> str:
        return f"/score_sheets/{year}/bodies/{self.ids[unit]}"
