"""Pages follow each other without gaps, whatever happens to the rows between."""

import base64

import pytest
from sqlalchemy import select, text
from tests.chassis.web.conftest import add_person, key

from chassis.database import new_base
from chassis.directory import directory_tables
from chassis.web import Paging, paginate


async def _fill(database, count: int) -> None:
    async with database.sessions.begin() as session:
        query = """
            INSERT INTO note (id, title, place, version)
            SELECT gen_random_uuid(), 'note ' || n, n % 3, 1 FROM generate_series(1, :count) n
        """
        await session.execute(text(query), {"count": count})


async def _all(client, url: str) -> list:
    found, cursor = [], ""
    while cursor is not None:
        page = (await client.get(f"{url}{'&cursor=' + cursor if cursor else ''}")).json()
        found += page["data"]
        cursor = page["next_cursor"]
    return found


async def test_pages_hold_every_row_once_in_order(client, database):
    await _fill(database, 25)
    found = await _all(client, "/v1/notes?limit=4")

    places = [(row["place"], row["id"]) for row in found]
    assert len(set(places)) == 25
    assert places == sorted(places)


async def test_a_full_last_page_ends_the_list(client, database):
    await _fill(database, 8)
    assert len(await _all(client, "/v1/notes?limit=4")) == 8


async def test_descending_lists_of_one_column_page_too(client, database):
    await _fill(database, 7)
    found = await _all(client, "/v1/newest?limit=3")

    assert found == sorted(found, reverse=True)
    assert len(found) == 7


async def test_entities_page_like_rows(database):
    people, signer = directory_tables(new_base())[1], b"x"
    ids = sorted([await add_person(database, f"p{number}") for number in range(5)])
    found, cursor = [], None
    async with database.sessions() as session:
        while cursor is not None or not found:
            paging = Paging(2, cursor, "people", signer)
            rows, cursor = await paginate(session, select(people), paging, people.post, people.id)
            found += rows

    assert [person.id for person in found] == ids


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_columns_that_rise_and_fall_page_without_a_gap(database, size):
    people = directory_tables(new_base())[1]
    added = [await add_person(database, f"p{n}", post=f"post {n % 3}") for n in range(7)]
    found, cursor = [], None
    async with database.sessions() as session:
        while cursor is not None or not found:
            paging = Paging(size, cursor, "people", b"x")
            keys = (people.post.desc(), people.id)
            rows, cursor = await paginate(session, select(people.id, people.post), paging, *keys)
            found += rows

    rising = sorted(found, key=lambda row: row.id)
    assert [row.id for row in found] == [
        row.id for row in sorted(rising, key=lambda row: row.post, reverse=True)
    ]
    assert {row.id for row in found} == set(added)


async def test_a_row_added_before_the_cursor_does_not_shift_the_page(client, database):
    await _fill(database, 6)
    first = (await client.get("/v1/notes?limit=3")).json()
    await client.post("/v1/notes", json={"title": "mới", "place": -1}, headers=key())
    rest = (await client.get(f"/v1/notes?limit=50&cursor={first['next_cursor']}")).json()

    assert len(rest["data"]) == 3


async def test_forged_and_foreign_cursors_are_refused(client, database):
    await _fill(database, 6)
    cursor = (await client.get("/v1/newest?limit=2&q=note")).json()["next_cursor"]
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=="))
    raw[-3] ^= 1
    forged = base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")

    assert (await client.get(f"/v1/newest?limit=9&q=note&cursor={cursor}")).status_code == 200
    for bad in (forged, "x", "!!", "đ", cursor[:-4]):
        answer = await client.get(f"/v1/newest?q=note&cursor={bad}")
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")
    for url in (f"/v1/newest?q=other&cursor={cursor}", f"/v1/notes?cursor={cursor}"):
        assert (await client.get(url)).json()["code"] == "cursor_invalid"
