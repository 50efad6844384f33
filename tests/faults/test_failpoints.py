"""Rows 1 to 6: kill -9 at a named step, under load; nothing is lost, nothing happens twice."""

import asyncio
import random
from uuid import NAMESPACE_OID, uuid5

import httpx
import pytest

pytestmark = pytest.mark.timeout(600)
# One step of each row runs with every `make test`, all of them with `make faults`.
_LONG_INBOX = pytest.param("consumer.after_inbox_insert", marks=pytest.mark.faults)
_LONG_ACK = pytest.param("consumer.after_ack", marks=pytest.mark.faults)
ROWS, KILLS = 30, 6  # of a bulk act
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


@pytest.mark.faults
async def test_a_bulk_act_killed_anywhere_is_done_to_each_row_or_to_none_and_once_by_its_retry(
    rig, row, world
):
    chosen = world.assignments[-ROWS:]
    async with row("2 bulk", "API killed anywhere in a bulk act", officers=0) as fault:
        for turn in range(KILLS):
            act, why = ("pause", "resume")[turn % 2], f"Cả loạt, lần {turn}, {rig.ledger.row}"
            sent = asyncio.create_task(act_on_all(rig, world, act, chosen, why))
            await asyncio.sleep(random.uniform(0, 0.15))  # why: anywhere within the act
            await rig["tasks api"].kill()
            await asyncio.gather(sent, return_exceptions=True)
            left_behind = await lines_about(rig, why)
            assert sorted(left_behind.values()) in ([], [1] * ROWS)
            rig["tasks api"].start()
            await rig.until_ready()
            answer = await act_on_all(rig, world, act, chosen, why)
            assert (answer["done"], len(answer["outcomes"])) == (ROWS, ROWS)
            assert await lines_about(rig, why) == {each["id"]: 1 for each in chosen}
        fault.over()
    for each, outcome in zip(chosen, answer["outcomes"], strict=True):
        each["version"] = outcome["version"]


async def act_on_all(rig, world, act: str, chosen: list[dict], why: str) -> dict:
    """Pause or resume all of them, by one request that can be repeated."""
    body = {"act": act, "ids": [each["id"] for each in chosen], "reason": why}
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
    query = "SELECT assignment_id, count(*) AS n FROM assignment_entry WHERE reason = $1 GROUP BY 1"
    return {str(r["assignment_id"]): r["n"] for r in await rig.query("tasks", query, why)}


async def test_an_api_killed_after_its_commit_gives_the_retry_the_same_answer(rig, row):
    async with row("2", "API killed after commit, before its answer") as fault:
        await die_at(rig, "api.after_commit", "tasks api", "surveys api")
        fault.over()
    killed = [o for o in rig.ledger.operations(row=rig.ledger.row) if o.failures]
    assert killed, "no client was in the middle of it"


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
