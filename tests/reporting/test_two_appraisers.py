"""Two appraisers of one block on one sheet at once: what each stored stands, or each is told."""

import asyncio

import pytest

ROW = "1.1.1"
BOTH = ("appraiser", "appraiser_2")


async def stored(opened, code: str = ROW) -> dict:
    return await opened.row("office", code)


async def test_points_of_one_and_the_note_of_the_other_both_stand_once_the_second_looks(locked):
    """Sent at once with one version, one is refused; sent again with what is stored, it stands."""
    entries = [({"points": "44"}, BOTH[0]), ({"note": "Đã đối chiếu sổ"}, BOTH[1])]
    answers = await asyncio.gather(
        *(locked.act(who, ROW, "appraisals", body, version=2) for body, who in entries)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    for (body, who), answer in zip(entries, answers, strict=True):
        if answer.status_code == 412:
            again = await locked.act(who, ROW, "appraisals", body)
            assert again.status_code == 200, again.text
    row = await stored(locked)
    assert (row["appraised_1"], row["appraisal_note"]) == ("44.000000", "Đã đối chiếu sổ")


async def test_whatever_two_appraisers_write_in_turns_each_line_of_history_begins_with_the_last(
    locked,
):
    """Each tries until it is stored: none is swallowed, none stored twice."""

    async def write(who: str) -> None:
        for number in range(8):
            body = {"note": f"{who} {number}"}
            while (await locked.act(who, ROW, "appraisals", body)).status_code == 412:
                pass

    await asyncio.gather(*(write(who) for who in BOTH))
    path = f"{locked.path()}/rows/{ROW}/history"
    changes = (await locked.office.get("office", path)).json()["data"]
    noted = [each["after"]["appraisal_note"] for each in changes if each["act"] == "appraise"]
    assert sorted(noted) == sorted(f"{who} {number}" for who in BOTH for number in range(8))
    before = [each["before"]["appraisal_note"] for each in changes if each["act"] == "appraise"]
    assert before == [*noted[1:], None]


async def test_while_one_locks_the_other_is_stored_before_or_told_and_never_after(locked):
    """What was meant for the first appraisal does not land in the second."""
    await locked.appraise_all()
    version, row = (await locked.sheet("office"))["version"], await stored(locked)
    lock, entry = await asyncio.gather(
        locked.step(BOTH[0], "lock", version=version),
        locked.act(BOTH[1], ROW, "appraisals", {"points": "40", "note": "Trễ", "round": 1},
                   version=row["version"]),
    )  # fmt: skip
    assert lock.status_code == 200, lock.text
    assert entry.status_code in (200, 409)
    taken = entry.status_code == 200
    row = await stored(locked)
    assert row["appraised_1"] == ("40.000000" if taken else "44.000000")
    assert row["appraised_2"] is None
    if not taken:
        assert entry.json()["code"] == "score_sheet_state"
    meant = {"points": "44", "round": 1}
    late = await locked.act(BOTH[1], ROW, "appraisals", meant)
    assert (late.status_code, late.json()["code"]) == (409, "score_sheet_state")
    late = await locked.act(BOTH[1], ROW, "questions", {"question": "Vì sao?"})
    assert (late.status_code, (await stored(locked))["question"]) == (409, None)


async def test_of_two_locks_at_once_one_ends_the_appraisal_and_the_second_ends_nothing_more(locked):
    await locked.appraise_all()
    version = (await locked.sheet("office"))["version"]
    answers = await asyncio.gather(*(locked.step(who, "lock", version=version) for who in BOTH))
    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 412])
    sheet = await locked.sheet("office")
    assert sheet["state"] == "explained"
    assert [step["state"] for step in sheet["steps"]].count("explained") == 1


@pytest.mark.parametrize("who", BOTH)
async def test_while_the_director_approves_the_figures_are_those_before_or_after_an_entry(
    locked, who
):
    """What was approved is what its rows say: nothing slips in behind the approval."""
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    version, row = (await locked.sheet("office"))["version"], await stored(locked)
    body = {"points": "22", "note": "Thiếu một nửa"}
    approval, entry = await asyncio.gather(
        locked.step("director", "approve", version=version),
        locked.act(who, ROW, "appraisals", body, version=row["version"]),
    )
    assert approval.status_code == 200, approval.text
    assert entry.status_code in (200, 409), entry.text
    sheet, row = await locked.sheet("office"), await stored(locked)
    counted = {200: "22.00", 409: "44.00"}[entry.status_code]
    assert row["points"] == counted
    assert (row["appraised_2"] is None) is (entry.status_code == 409)
    assert sheet["points"] == {200: "39.14", 409: "61.14"}[entry.status_code]
