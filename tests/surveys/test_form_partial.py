"""A ballot with too few answers: the citizen is told before it is sent, and after."""

import re

from tests.surveys.world import SCALED, ballot, form, questionnaire

from surveys.questionnaires import domain as forms

ASKED = forms.load(questionnaire())


def partial(*codes: str) -> dict[str, str]:
    """A form as posted, with these questions answered only."""
    whole = form(4)
    return {"response_id": whole["response_id"], **{code: whole[code] for code in codes}}


async def test_too_few_answers_come_back_with_the_questions_that_are_missing(world):
    link = await world.link(await world.open_round(), world.unit_a)
    answered = sorted(ASKED.items)[:5]
    sent = partial(*answered)

    page = await world.citizen.post(f"/k/{link['code']}", data=sent)

    assert page.status_code == 422
    assert f"5/{len(ASKED.items)} câu đánh giá" in page.text
    assert "dưới 2/3" in page.text
    summary = re.search(r'id="partial".*?</div>', page.text, re.DOTALL)[0]
    named = set(re.findall(r'href="#([^"]+)"', summary))
    assert named == ASKED.items - set(answered)
    assert sent["response_id"] in page.text
    assert await world.count("response") == 0


async def test_whoever_sends_it_all_the_same_is_told_that_it_does_not_count(world):
    [code] = await world.tickets(await world.open_round(), 1)
    sent = partial(*SCALED[:3])
    page = await world.citizen.post(f"/k/{code}", data=sent)
    assert 'name="partial" value="yes"' in page.text

    stored = await world.citizen.post(f"/k/{code}?lang=en", data={**sent, "partial": "yes"})
    thanked = await world.citizen.get(stored.headers["location"])
    vietnamese = await world.citizen.get(f"/k/{code}/thanks?partial=1")

    assert stored.status_code == 303
    assert "does not count" in thanked.text
    assert "không được tính vào chỉ số" in vietnamese.text
    [row] = await world.rows("SELECT state, reason FROM response")
    assert (row.state, row.reason) == ("excluded", "invalid_ballot")


async def test_completing_it_counts_and_says_nothing_of_it(world):
    link = await world.link(await world.open_round(), world.unit_a)
    sent = partial(*SCALED[:2])
    assert (await world.citizen.post(f"/k/{link['code']}", data=sent)).status_code == 422

    whole = {**form(5), "response_id": sent["response_id"]}
    stored = await world.citizen.post(f"/k/{link['code']}", data=whole)
    thanked = await world.citizen.get(stored.headers["location"])

    assert stored.status_code == 303
    assert "không được tính" not in thanked.text
    [row] = await world.rows("SELECT state FROM response")
    assert row.state == "counted"


async def test_exactly_two_thirds_are_enough(world):
    link = await world.link(await world.open_round(), world.unit_a)
    items = [code for code in SCALED if code in ASKED.items]
    enough = -(-len(items) * 2 // 3)

    fewer = await world.citizen.post(f"/k/{link['code']}", data=partial(*items[: enough - 1]))
    just = await world.citizen.post(f"/k/{link['code']}", data=partial(*items[:enough]))

    assert (fewer.status_code, just.status_code) == (422, 303)


async def test_programs_and_staff_are_told_whether_a_ballot_is_complete_enough_to_count(world):
    round_ = await world.open_round()
    link = await world.link(round_, world.unit_a)
    few = {**ballot(), "answers": {SCALED[0]: 5}}
    entered = {**few, "response_id": ballot()["response_id"], "channel": "paper"}

    told = [
        await world.submit(link["code"], ballot()),
        await world.submit(link["code"], few),
        await world.submit(link["code"], few),
        await world.post(f"/v1/rounds/{round_['id']}/ballots", {**entered, "unit_id": None}),
    ]

    assert [(one.status_code, one.json()["complete"]) for one in told] == [
        (202, True), (202, False), (202, False), (202, False),
    ]  # fmt: skip
