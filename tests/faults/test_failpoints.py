"""Rows 1 to 6: kill -9 at a named step, under load; nothing is lost, nothing happens twice."""

import asyncio
from uuid import NAMESPACE_OID, uuid5

import httpx
import pytest

pytestmark = pytest.mark.timeout(600)
# One step of each row runs with every `make test`, all of them with `make faults`.
_LONG_INBOX = pytest.param("consumer.after_inbox_insert", marks=pytest.mark.faults)
_LONG_ACK = pytest.param("consumer.after_ack", marks=pytest.mark.faults)
CONSUMERS = ("reporting worker", "notifications worker", "probe worker")


async def die_at(rig, step: str, *names: str, without: str = "") -> None:
    """Restart processes so that each dies at `step`; they must get there. Then start them whole."""

    async def one(name: str) -> None:
        await rig[name].restart(failpoint=step, without=without)
        assert await rig[name].ended(150) == -9, f"{name} never came to {step}"
        rig[name].start()

    async with asyncio.TaskGroup() as group:  # one that fails ends the others: nothing starts later
        for name in names:
            group.create_task(one(name))


async def test_an_api_killed_before_its_commit_leaves_nothing_and_a_retry_does_it_once(rig, row):
    async with row("1", "API killed before commit") as fault:
        await die_at(rig, "api.before_commit", "tasks api", "surveys api")
        fault.over()


async def test_an_api_killed_after_its_commit_gives_the_retry_the_same_answer(rig, row):
    async with row("2", "API killed after commit, before its answer") as fault:
        await die_at(rig, "api.after_commit", "tasks api", "surveys api")
        fault.over()
    killed = [o for o in rig.ledger.operations(row=rig.ledger.row) if o.failures]
    assert killed, "no client was in the middle of it"


@pytest.mark.parametrize("step", ["api.before_commit", "api.after_commit"])
async def test_a_bulk_act_killed_half_way_is_done_to_each_row_once_by_its_retry(
    rig, row, world, step
):
    chosen = world.assignments[-30:]
    why = f"Lùi hạn cả loạt, {step}"
    async with row(f"2 bulk {step}", f"API killed in a bulk act: {step}", officers=0) as fault:
        await rig["tasks api"].restart(failpoint=step)
        with pytest.raises(httpx.HTTPError):
            await set_deadlines(rig, world, chosen, why)
        assert await rig["tasks api"].ended(30) == -9
        left_behind = await lines_about(rig, why)
        rig["tasks api"].start()
        await rig.until_ready()
        answer = await set_deadlines(rig, world, chosen, why)
        fault.over()
    assert sorted(left_behind.values()) == ([] if step == "api.before_commit" else [1] * 30)
    assert (answer["done"], {each["outcome"] for each in answer["outcomes"]}) == (30, {"done"})
    assert await lines_about(rig, why) == {each["id"]: 1 for each in chosen}
    told = await rig.query(
        "probe", "SELECT subject, version, count(*) AS n FROM seen WHERE type = $1 GROUP BY 1, 2",
        "tasks.assignment_changed.v1",
    )  # fmt: skip
    times = {(str(r["subject"]), r["version"]): r["n"] for r in told}
    for each, outcome in zip(chosen, answer["outcomes"], strict=True):
        assert times[each["id"], outcome["version"]] == 1
        each["version"] = outcome["version"]


async def set_deadlines(rig, world, chosen: list[dict], why: str) -> dict:
    """Set the same new day for all of them, by one request that can be repeated."""
    body = {
        "act": "set_deadline", "ids": [each["id"] for each in chosen],
        "due_on": "2031-06-30", "reason": why,
    }  # fmt: skip
    headers = {
        "Authorization": f"Bearer {world.tokens['office']}",
        "Idempotency-Key": str(uuid5(NAMESPACE_OID, why)),
    }
    async with httpx.AsyncClient(base_url=rig.addresses["tasks"], timeout=30) as client:
        answer = await client.post("/v1/assignments/bulk", json=body, headers=headers)
    answer.raise_for_status()
    return answer.json()


async def lines_about(rig, why: str) -> dict[str, int]:
    """Return how many lines of history each assignment has with these words."""
    rows = await rig.query(
        "tasks", "SELECT assignment_id, count(*) AS n FROM assignment_entry WHERE reason = $1 "
        "GROUP BY 1", why,
    )  # fmt: skip
    return {str(r["assignment_id"]): r["n"] for r in rows}


@pytest.mark.broker
@pytest.mark.parametrize(
    "step",
    [
        pytest.param("relay.after_claim", marks=pytest.mark.faults),
        "relay.after_publish_before_confirm",
        "relay.after_confirm_before_mark",
    ],
)
async def test_a_relay_killed_at_any_step_sends_again_and_the_effect_comes_once(rig, row, step):
    async with row(f"3 {step}", f"relay killed: {step}") as fault:
        await die_at(rig, step, "tasks relay", "surveys relay")
        fault.over()


@pytest.mark.broker
@pytest.mark.faults
async def test_a_second_relay_takes_over_when_the_first_is_killed(rig, row):
    async with row("3 standby", "leading relay killed, the one standing by takes over") as fault:
        standby = rig.another("tasks relay")
        await rig.until_ready()
        await rig["tasks relay"].kill()
        fault.over()
        await asyncio.sleep(4)
        rig["tasks relay"].start()
    await rig.remove(standby)


@pytest.mark.broker
@pytest.mark.parametrize("step", [_LONG_INBOX, "consumer.before_commit"])
async def test_a_consumer_killed_before_its_commit_gets_the_event_again(rig, row, step):
    async with row(f"4 {step}", f"consumers killed: {step}") as fault:
        await die_at(rig, step, *CONSUMERS)
        fault.over()


@pytest.mark.broker
@pytest.mark.parametrize("step", ["consumer.after_commit_before_ack", _LONG_ACK])
async def test_a_consumer_killed_after_its_commit_knows_the_event_when_it_comes_again(
    rig, row, step
):
    async with row(f"5 {step}", f"consumers killed: {step}") as fault:
        await die_at(rig, step, *CONSUMERS)
        fault.over()


async def test_a_notifier_killed_after_sending_says_so_and_sends_again_under_the_same_id(
    rig, row, eventually
):
    async with row("6", "mail sender killed after the server took the mail") as fault:
        await die_at(rig, "notify.after_send_before_mark", "notifications worker")
        fault.over()
    # Two minutes pass: the lease of the claim that nobody holds any more.
    await rig.query(
        "notifications",
        "UPDATE delivery SET lease_until = now() WHERE state = 'sending'",
    )
    await eventually(lambda: _settled(rig), within=180, every=0.5)
    copies = await _copies(rig)
    rows = await rig.query("notifications", "SELECT message_id, state, uncertain FROM delivery")
    sent = {r["message_id"]: r["uncertain"] for r in rows if r["state"] == "sent"}
    assert not [m for m in sent if m not in copies], "a mail is said to be sent and is not there"
    twice = {m for m, n in copies.items() if n > 1}
    assert twice == {m for m, uncertain in sent.items() if uncertain and copies[m] > 1}
    assert twice, "the mail being sent came twice, under one Message-ID, and is counted"


async def _settled(rig) -> bool:
    (row,) = await rig.query(
        "notifications",
        "SELECT count(*) AS n FROM delivery WHERE state IN ('queued', 'sending', 'unknown')",
    )
    return row["n"] == 0


async def _copies(rig) -> dict[str, int]:
    """Return how many times each Message-ID lies in the mailbox."""
    copies: dict[str, int] = {}
    async with httpx.AsyncClient(base_url=rig.addresses["mailbox"], timeout=10) as client:
        listed = (await client.get("/messages.json?limit=1000")).json()["data"]
        for letter in listed:
            raw = (await client.get(f"/messages/{letter['id']}/raw")).text
            (found,) = [x for x in raw.splitlines() if x.lower().startswith("message-id:")][:1]
            message_id = found.split(":", 1)[1].strip()
            copies[message_id] = copies.get(message_id, 0) + 1
    return copies
