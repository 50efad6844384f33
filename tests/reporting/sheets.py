"""A block of two bodies with sheets of 2025, and people who score, appraise and publish them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from tests.envelopes import envelope_of

from chassis.ids import new_id
from contracts.tasks import PersonChanged, PersonState

NOW = datetime(2026, 11, 23, tzinfo=UTC)
YEAR = "/v1/score_sheets/2025"
SHARE = {"method": "proportional", "numerator": "việc xong", "denominator": "việc giao",
         "full_at": "1", "floor": "0"}  # fmt: skip
SET = {
    "code": "nho", "title": "Bộ tiêu chí nhỏ", "year": 2025, "composed": True,
    "notice": "Bản dựng, không phải văn bản chính thức", "total_points": "100", "bonus_max": "2",
    "penalty_max": "3",
    "grade_bands": [{"name": "Tốt", "at_least": "80"}, {"name": "Yếu", "at_least": "0"}],
    "areas": [{
        "code": "1", "name": "Một", "max_points": "100",
        "criteria": [{
            "code": "1.1", "name": "Một một", "max_points": "100",
            "sub_criteria": [
                {"code": "1.1.1", "name": "Có kế hoạch", "max_points": "44", "source": "x",
                 "rule": {"method": "deduction", "deducts": [{"per": "lần", "minus": "1"}]}},
                {"code": "1.1.2", "name": "Tỷ lệ việc", "max_points": "40", "source": "x",
                 "rule": SHARE},
                {"code": "1.1.3", "name": "Có khi phát sinh", "max_points": "16", "source": "x",
                 "na_allowed": True, "na_when": "không phát sinh",
                 "evidence": ["Báo cáo năm", "Kết luận kiểm tra"],
                 "rule": {"method": "boolean", "condition": "có", "true_points": "16",
                          "false_points": "0"}},
            ],
        }],
    }],
}  # fmt: skip


class Round:
    """Opens a round of a block of two bodies; calls routes of a sheet as its people."""

    def __init__(self, office, consumer, units) -> None:
        self.office, self.consumer, self.units = office, consumer, units
        self.people: dict[str, UUID] = {}
        self.block, self.other_block, self.bodies = "", "", {}

    async def open(self, criteria: dict | None = None) -> "Round":
        """Put people into their units, publish a set, make blocks and bodies, open the sheets."""
        await self._move_people()
        made = await self.made("/v1/criteria_sets", criteria or SET)
        await self.office.post("office", f"/v1/criteria_sets/{made['id']}/publish")
        self.set_id = made["id"]
        block = {"code": "K1", "name": "Các phòng", "kind": "internal_units",
                 "appraisers": [self.people["appraiser"], self.people["appraiser_2"]]}  # fmt: skip
        self.block = (await self.made("/v1/blocks", block))["id"]
        other = {"code": "K2", "name": "Các sở", "kind": "departments"}
        self.other_block = (await self.made("/v1/blocks", other))["id"]
        for code, unit, block_id in (("A", 1, self.block), ("B", 2, self.block)):
            body = {"code": code, "name": f"Phòng {code}", "block_id": block_id,
                    "unit_id": str(self.units[unit])}  # fmt: skip
            self.bodies[code] = (await self.made("/v1/bodies", body))["id"]
        await self.made(f"{YEAR}/rounds", {"block_id": self.block, "closes_on": "2099-11-30"})
        return self

    async def made(self, path: str, body: dict, who: str = "office") -> dict:
        """Make something as the Office; return it."""
        answer = await self.office.post(who, path, _plain(body))
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def sheet(self, who: str, code: str = "A") -> dict:
        """Return a body's sheet as somebody sees it."""
        answer = await self.office.get(who, self.path(code))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def path(self, code: str = "A") -> str:
        """Return the address of a body's sheet."""
        return f"{YEAR}/bodies/{self.bodies[code]}"

    async def row(self, who: str, row: str, code: str = "A") -> dict:
        """Return a row of a body's sheet."""
        rows = (await self.sheet(who, code))["rows"]
        return next(each for each in rows if each["code"] == row)

    async def act(self, who: str, row: str, act: str, body: dict, *, version=None, code="A"):
        """Do something with a row, having seen its newest version unless another is said."""
        if version is None:
            version = (await self.row("office", row, code))["version"]
        return await self._post(who, f"{self.path(code)}/rows/{row}/{act}", body, version)

    async def step(self, who: str, act: str, *, version=None, code="A"):
        """Take a whole sheet a step further."""
        if version is None:
            version = (await self.sheet("office", code))["version"]
        return await self._post(who, f"{self.path(code)}/{act}", None, version)

    async def score_all(self, who: str = "unit_head", code: str = "A") -> None:
        """Score every row of a sheet, each with how it was made."""
        for row, given in (
            ("1.1.1", {"points": "44"}), ("1.1.2", {"done": 3, "due": 7}),
            ("1.1.3", {"not_applicable_reason": "Không phát sinh"}),
        ):  # fmt: skip
            answer = await self.act(who, row, "self_scores", {"note": "Sổ theo dõi", **given},
                                    code=code)  # fmt: skip
            assert answer.status_code == 200, answer.text

    async def appraise_all(self, who: str = "appraiser", code: str = "A") -> None:
        """Appraise every row: as the body scored it, and not applicable where it said so."""
        for row, given in (
            ("1.1.1", {"points": "44"}), ("1.1.2", {"done": 3, "due": 7}),
            ("1.1.3", {"not_applicable_accepted": True}),
        ):  # fmt: skip
            answer = await self.act(who, row, "appraisals", given, code=code)
            assert answer.status_code == 200, answer.text

    async def through(self, *steps: tuple[str, str], code: str = "A") -> None:
        """Take a sheet through steps that all must be taken."""
        for who, act in steps:
            answer = await self.step(who, act, code=code)
            assert answer.status_code == 200, answer.text

    async def _post(self, who: str, path: str, body: dict | None, version: int):
        client = await self.office.client(who)
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'}
        return await client.post(path, json=body, headers=headers)

    async def _move_people(self) -> None:
        one, two = self.units[1:3]
        units = {"unit_head": one, "unit_officer": one, "unit_head_2": two}
        self.people = self.office.ids
        await self.consumer.apply([
            envelope_of(_moved(event.person, units), id=new_id(), time=NOW)
            for event in self.office.people_changed(self.units[0])
            if event.person.employee_code in units
        ])  # fmt: skip


def _moved(person: PersonState, units: dict[str, UUID]) -> PersonChanged:
    moved = {"version": 2, "unit_id": units[person.employee_code]}
    return PersonChanged(person=person.model_copy(update=moved))


def _plain(body: dict) -> dict:
    return {
        name: [str(each) if isinstance(each, UUID) else each for each in value]
        if isinstance(value, list)
        else value
        for name, value in body.items()
    }
