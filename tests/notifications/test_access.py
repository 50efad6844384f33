"""One table says who may do what: the routes and the views follow it, also when it changes."""

import pytest
from tests.notifications import world as w
from tests.notifications.conftest import key

from chassis.access import Right
from notifications.access import RIGHTS


@pytest.fixture
async def failed(world) -> str:
    """The id of a mail that has failed."""
    await world.happen(w.due_soon(7))
    (row,) = await world.rows("UPDATE delivery SET state = 'failed' RETURNING id")
    return str(row.id)


@pytest.fixture
def change(monkeypatch):
    """Return a function that changes one row of the table."""
    return lambda act, right: monkeypatch.setitem(RIGHTS._table, act, right)


async def listed(person) -> list[list[str]]:
    """Return what may be done with each mail that the person is shown."""
    answer = await person.get("/v1/deliveries")
    return [each["allowed"] for each in answer.json()["data"]]


async def test_a_notification_may_be_marked_while_it_is_neither_read_nor_overtaken(
    world, as_person
):
    await world.happen(w.overdue())
    officer = await as_person("officer_cchc")
    (waiting,) = (await officer.get("/v1/notifications")).json()["data"]
    assert waiting["allowed"] == ["mark"]
    path = f"/v1/notifications/{waiting['id']}/read"
    assert (await officer.post(path, json={}, headers=key())).json()["allowed"] == []
    await world.happen(w.accepted(), actor="office")
    head = await as_person("head_cchc")
    by_moot = {
        n["moot"]: n["allowed"] for n in (await head.get("/v1/notifications")).json()["data"]
    }
    assert by_moot == {True: [], False: ["mark"]}


async def test_an_administrator_may_retry_what_has_failed_and_nothing_else(
    world, failed, as_person
):
    admin = await as_person("admin")
    assert await listed(admin) == [["retry"]]
    again = await admin.post(f"/v1/deliveries/{failed}/retry", headers=key())
    assert (again.status_code, again.json()["allowed"]) == (200, [])


async def test_a_right_given_in_the_table_opens_the_route_and_stands_in_the_view(
    failed, change, as_person
):
    auditor = await as_person("auditor")
    assert (await auditor.get("/v1/deliveries")).status_code == 403
    for door in ("delivery.list", "mail.list"):
        change(door, Right(frozenset({"admin", "office", "auditor"})))
    assert await listed(auditor) == [[]]
    office = await as_person("office")
    assert (await office.post(f"/v1/deliveries/{failed}/retry", headers=key())).status_code == 403
    for door in ("delivery.retry", "mail.retry"):
        change(door, Right(frozenset({"office"})))
    assert await listed(office) == [["retry"]]
    assert await listed(await as_person("admin")) == [[]]
    assert (await office.post(f"/v1/deliveries/{failed}/retry", headers=key())).status_code == 200
