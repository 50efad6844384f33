"""A POST repeated by a nervous network or a nervous finger has one effect."""

import asyncio
from datetime import timedelta

from tests.chassis.web.conftest import add_person, client_of, count, key

from chassis.clock import database_now
from chassis.web import purge_idempotency_keys


async def test_a_post_without_a_key_is_refused(client):
    answer = await client.post("/v1/notes", json={"title": "một"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency_key_missing"


async def test_a_post_sent_twice_has_one_effect_and_one_answer(client, database):
    same = key()
    first = await client.post("/v1/notes", json={"title": "một"}, headers=same)
    second = await client.post("/v1/notes", json={"title": "một"}, headers=same)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["etag"] == second.headers["etag"] == '"1"'
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await count(database) == 1


async def test_ten_at_once_have_one_effect(client, database):
    same = key()
    answers = await asyncio.gather(
        *(client.post("/v1/notes", json={"title": "chậm"}, headers=same) for _ in range(10))
    )

    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) == {201, 409}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {
        "idempotency_in_progress"
    }
    assert await count(database) == 1


async def test_the_same_key_with_another_body_is_refused(client, database):
    same = key()
    await client.post("/v1/notes", json={"title": "một"}, headers=same)
    other = await client.post("/v1/notes", json={"title": "hai"}, headers=same)

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert await count(database) == 1


async def test_a_refused_request_may_be_repeated_with_its_key(client):
    same = key()
    refused = await client.post("/v1/notes", json={"title": "cấm"}, headers=same)
    accepted = await client.post("/v1/notes", json={"title": "được"}, headers=same)

    assert (refused.status_code, accepted.status_code) == (409, 201)


async def test_a_form_is_the_same_whatever_its_boundary(client, database):
    same = key()
    file = {"file": ("a.txt", b"noi dung", "text/plain")}
    first = await client.post("/v1/pictures", files=file, headers=same)
    second = await client.post("/v1/pictures", files=file, headers=same)
    other = await client.post("/v1/pictures", files={"file": ("a.txt", b"khac")}, headers=same)

    assert first.request.headers["content-type"] != second.request.headers["content-type"]
    assert (first.json(), second.json()) == (8, 8)
    assert other.json()["code"] == "idempotency_key_reused"
    assert await count(database) == 1


async def test_keys_of_different_people_do_not_meet(client, app, issuer, database):
    await add_person(database, "other")
    same = key()
    await client.post("/v1/notes", json={"title": "một"}, headers=same)
    token = issuer.token(sub="x", employee_code="other")
    async with client_of(app, token) as other:
        answer = await other.post("/v1/notes", json={"title": "hai"}, headers=same)

    assert answer.status_code == 201
    assert await count(database) == 2


async def test_keys_are_forgotten_after_24_hours(client, database):
    await client.post("/v1/notes", json={"title": "một"}, headers=key())
    async with database.sessions.begin() as session:
        now = await database_now(session)
        await purge_idempotency_keys(session, now + timedelta(hours=23))
    assert await count(database, "idempotency_key") == 1
    async with database.sessions.begin() as session:
        await purge_idempotency_keys(session, now + timedelta(hours=25))
    assert await count(database, "idempotency_key") == 0
