"""Tickets and links at the Office's door."""

from uuid import uuid4

from surveys.codes import domain


async def test_tickets_are_shown_to_their_caller_and_stored_nowhere(world):
    round_ = await world.open_round()
    body = {"unit_id": str(world.unit_a), "count": 3}
    path, key = f"/v1/rounds/{round_['id']}/tickets", "one-and-the-same-key"

    first = await world.post(path, body, key=key)
    repeated = await world.post(path, body, key=key)
    other = await world.post(path, {**body, "count": 4}, key=key)

    assert first.json() == repeated.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    codes = [ticket["code"] for ticket in first.json()["tickets"]]
    assert len(set(codes)) == 3
    assert first.json()["tickets"][0]["url"] == f"https://khaosat.example/k/{codes[0]}"
    assert await world.count("ticket") == 3
    written = await _everything_stored(world)
    for code in codes:
        key_ = domain.parse(code, world.app.state.signer.secret).key
        assert code not in written
        assert code.replace("-", "") not in written
        assert key_ in written


async def _everything_stored(world) -> str:
    names = await world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = []
    for (name,) in names:
        rows = await world.rows(f"SELECT * FROM {name}")
        found += [str(value) for row in rows for value in row]
    return "\n".join(found)


async def test_a_batch_has_at_most_a_thousand_tickets_of_a_unit_of_the_round(world):
    round_ = await world.open_round()
    path = f"/v1/rounds/{round_['id']}/tickets"

    assert (await world.post(path, {"count": 1001})).status_code == 422
    stranger = await world.post(path, {"count": 1, "unit_id": str(uuid4())})
    assert stranger.json()["code"] == "unit_not_in_round"
    assert len((await world.made(path, {"count": 1000}))["tickets"]) == 1000
    await world.made(f"/v1/rounds/{round_['id']}/close")
    late = await world.post(path, {"count": 1})
    assert (late.status_code, late.json()["code"]) == (409, "round_already_closed")
    missing = await world.post(f"/v1/rounds/{uuid4()}/tickets", {"count": 1})
    assert missing.status_code == 404


async def test_a_link_can_be_listed_and_drawn_and_a_unit_sees_its_own_only(world):
    round_ = await world.open_round()
    own, other = await world.link(round_, world.unit_a), await world.link(round_, world.unit_b)

    listed = (await world.get(f"/v1/rounds/{round_['id']}/links", "unit_head")).json()["data"]
    drawn = await world.get(f"/v1/links/{own['id']}/qr.svg", "unit_officer")
    hidden = await world.get(f"/v1/links/{other['id']}/qr.svg", "unit_officer")

    assert listed == [own]
    assert own["url"] == f"https://khaosat.example/k/{own['code']}"
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    assert hidden.status_code == 404
    assert len((await world.get(f"/v1/rounds/{round_['id']}/links")).json()["data"]) == 2
