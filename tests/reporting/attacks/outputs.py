"""A reader with a token of every role: everything that leaves reporting, as one page to compare."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from tests.reporting.conftest import UNITS
from tests.reporting.office import ROLES

STEERING = ("director", "office")
VOLATILE = {"as_of", "lag_seconds", "instance", "at", "time"}  # moments, and ids of requests
_LIVE = text("SELECT topic, event, payload FROM live_event ORDER BY id")
_LOG = text("SELECT envelope FROM event_log ORDER BY seq")
Page = dict[str, Any]


class Reader:
    """Polls every output as some roles; `pages` per role and path."""

    def __init__(self, office: Any, database: Any, round_id: UUID) -> None:
        self._office, self._database = office, database
        self._clients: dict[str, Any] = {}
        index = f"/v1/indices/satisfaction/{round_id}"
        par = "/v1/indices/par/2025"
        self._often = [index]
        self._steering = ["/v1/overview?year=2025", index]
        self._closely = [
            *self._steering, f"{index}/explain", *(f"{index}/units/{unit}" for unit in UNITS),
            par, f"{par}/sub_criteria/8.1.1/explain", f"{par}/explain?figure=projected",
            "/v1/priorities?year=2025&limit=200",
        ]  # fmt: skip
        self._all = [
            *self._closely, f"{par}/explain?figure=secured", f"{par}/explain?figure=official",
            f"{par}/sub_criteria/8.1.2/explain", "/v1/score_sheets/2025",
            "/v1/indices/completion?year=2025",
            *(f"/v1/units/{unit}/responsibility?year=2025" for unit in UNITS),
        ]  # fmt: skip

    async def look(self, roles: Sequence[str] = ("director",)) -> Page:
        """Return what is polled after each ballot: figures, streams, log, where all moves show."""
        return await self._read(roles, self._often)

    async def look_closely(self) -> Page:
        """Return what steering sees, and every output of one who sees all but its figure."""
        return await self._read(["office"], self._steering) | await self._read(
            ["auditor"], self._closely
        )

    async def look_at_all(self) -> Page:
        """Return every output of every role."""
        return await self._read(ROLES, self._all)

    async def _read(self, roles: Sequence[str], paths: Sequence[str]) -> Page:
        page: Page = {}
        for role in roles:
            if role not in self._clients:
                self._clients[role] = await self._office.client(role)
            for path in paths:
                page[f"{role} {path}"] = steady((await self._clients[role].get(path)).json())
        async with self._database.sessions() as session:
            rows = (await session.execute(_LIVE)).all()
            log = [json.loads(row.envelope) for row in await session.execute(_LOG)]
        for role in roles:
            topics = {"indices", "steering"} if role in STEERING else {"indices"}
            page[f"{role} live"] = [list(row) for row in rows if row.topic in topics]
        page["log"] = [_without_moment(envelope) for envelope in log]
        return page


def steady(answer: Any) -> Any:
    """Return an answer without what is only the moment of the look."""
    if isinstance(answer, list):
        return [steady(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    return {name: steady(value) for name, value in answer.items() if name not in VOLATILE}


def _without_moment(envelope: dict[str, Any]) -> dict[str, Any]:
    kept = steady(envelope)
    if kept["data"]["index"]["kind"] != "satisfaction":
        del kept["id"]  # a UUIDv7: of a look, not of a ballot
    return kept


def differences(one: Page, other: Page) -> list[str]:
    """Return the names of the outputs that differ."""
    return sorted(
        name for name in one.keys() | other.keys() if one.get(name) != other.get(name)
    )  # fmt: skip


def without_counts(page: Page) -> Page:
    """Return a page without the counts that move live: `n` beside a figure, `answers_counted`."""

    def cut(value: Any) -> Any:
        if isinstance(value, list):
            return [cut(each) for each in value if not _counts(each)]
        if isinstance(value, dict):
            live = {"n"} if "released" in value or value.keys() == {"value", "n"} else set()
            return {name: cut(each) for name, each in value.items() if name not in live}
        return value

    return {name: cut(value) for name, value in page.items()}


def _counts(row: Any) -> bool:
    return isinstance(row, list) and len(row) == 3 and row[1] == "answers_counted"


def found(page: Any, *names: str) -> Iterator[dict[str, Any]]:
    """Yield every object anywhere in a page that has all these names with a value."""
    if isinstance(page, dict):
        if all(page.get(name) is not None for name in names):
            yield page
        for value in page.values():
            yield from found(value, *names)
    elif isinstance(page, list):
        for value in page:
            yield from found(value, *names)
