"""Several rounds in a year: what is official changes by a result, never by a beginning."""

import copy
import random

import pytest
from tests.reporting.ballots import count, drift, excluded, look
from tests.reporting.conftest import UNITS
from tests.reporting.years import Year

from reporting.proof.lacking import pieces
from reporting.proof.rebuild import rebuild

CITIZENS, LEADERS = "nguoi-dan", "lanh-dao"
BY_OPTIONS, BY_OPTIONS_TOO = "1.8.1", "2.5.1"


def sub_criterion(criteria: dict, code: str) -> dict:
    return next(
        sub
        for area in criteria["areas"]
        for criterion in area["criteria"]
        for sub in criterion["sub_criteria"]
        if sub["code"] == code
    )


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    """A year whose set asks leaders how they find the steering of reform (1.8.1, question L.1)."""
    criteria = copy.deepcopy(demo_criteria)
    by_options = sub_criterion(criteria, BY_OPTIONS)
    by_options["rule"]["question"] = "L.1"
    by_options["from_rounds"] = {"questionnaire": LEADERS}
    year = Year(office, consumer, database, survey)
    await year.publish(criteria)
    return year


async def test_opening_a_second_round_takes_nothing_official_away(year):
    form = await year.ask()
    first = await year.open(form, "Đợt giữa năm")
    await year.answer(first, 20, 5)
    await year.close(first)
    before = await year.official()

    second = await year.open(form, "Đợt cuối năm")
    assert await year.official() == before
    await year.answer(second, 30, 1)

    assert (before["8.1.1"], before["8.1.2"]) == ("1.50", "2.00")
    assert await year.official() == before, (
        "answers of a round that is open change nothing official"
    )


async def test_the_outlook_follows_the_open_round_and_what_is_secured_the_result(year):
    form = await year.ask()
    first = await year.open(form, "Đợt giữa năm")
    await year.answer(first, 20, 5)
    await year.close(first)
    second = await year.open(form, "Đợt cuối năm")
    await year.answer(second, 30, 1)

    row = next(row for row in (await year.par())["rows"] if row["code"] == "8.1.1")
    assert (row["projected"], row["projected_source"]) == ("0.00", "open_round")
    assert (row["secured"], row["official"]) == ("1.50", "1.50")
    assert row["official_source"] == "closed_round"


async def test_the_overview_shows_the_open_round_and_the_result_beside_it(year):
    form = await year.ask()
    first = await year.open(form, "Đợt giữa năm")
    await year.answer(first, 20, 5)
    await year.close(first)
    second = await year.open(form, "Đợt cuối năm")
    at_first = (await year.overview())["satisfaction"]
    await year.answer(second, 30, 1)

    seen = await year.overview()
    assert at_first["share"] == "100.00"
    assert (seen["round_title"], seen["satisfaction"]["share"]) == ("Đợt cuối năm", "0.00")
    assert seen["satisfaction"]["official"] == {
        "round_id": str(first.round_id), "round_title": "Đợt giữa năm", "closed_on": "2025-03-06",
        "method": "share", "value": "100.00",
    }  # fmt: skip


async def test_the_history_never_joins_two_rounds_into_one_line(year):
    form = await year.ask()
    for title, level in (("Đợt giữa năm", 5), ("Đợt cuối năm", 1)):
        round_ = await year.open(form, title)
        await year.answer(round_, 30, level)
        await year.close(round_)

    told = [point["satisfaction"] for point in (await year.overview())["history"]]
    assert {value for value in told if value} == {"0.00"}


async def test_the_result_that_ended_last_counts_not_the_round_that_was_opened_last(year):
    form = await year.ask()
    whole_year = await year.open(form, "Đợt cả năm")
    one_week = await year.open(form, "Đợt một tuần")
    await year.answer(whole_year, 15, 5)
    await year.answer(one_week, 15, 1)
    await year.close(one_week)
    await year.close(whole_year)

    assert (await year.official())["8.1.1"] == "1.50"


async def test_a_closed_round_that_shows_nothing_leaves_the_older_result_official(year):
    form = await year.ask()
    first = await year.open(form, "Đợt giữa năm")
    await year.answer(first, 20, 5)
    await year.close(first)
    before = await year.official()

    second = await year.open(form, "Đợt ít người")
    await year.answer(second, 2, 1)
    await year.close(second)

    assert await year.official() == before


async def test_a_result_takes_the_place_of_an_older_one(year):
    form = await year.ask()
    for title, level in (("Đợt giữa năm", 5), ("Đợt cuối năm", 1)):
        round_ = await year.open(form, title)
        await year.answer(round_, 15, level)
        await year.close(round_)

    assert (await year.official())["8.1.1"] == "0.00"


async def test_a_row_says_of_which_round_it_is_and_when_that_ended(year):
    form = await year.ask()
    first = await year.open(form, "Đợt giữa năm")
    await year.answer(first, 20, 5)
    await year.close(first)
    second = await year.open(form, "Đợt cuối năm")
    await year.answer(second, 30, 1)

    official, outlook = await year.explained("8.1.1"), await year.explained("8.1.1", "projected")
    assert (
        "từ đợt “Đợt giữa năm” (phiếu khảo sát tự dựng), đóng ngày 06/03/2025" in official["title"]
    )
    assert "từ đợt “Đợt cuối năm” (phiếu khảo sát tự dựng), chưa kết thúc" in outlook["title"]
    assert (official["source"], outlook["source"]) == ("closed_round", "open_round")


async def test_options_feed_the_row_that_names_their_question_once_the_round_is_closed(year):
    """30 choose A, 15 B, 15 C of 60: 1 × (30 × 1 + 15 × 0.6 + 15 × 0.2) / 60 = 0.70."""
    form = await year.ask(code=LEADERS, question="L.1")
    round_ = await year.open(form, "Điều tra xã hội học")
    for n, option in ((10, 0), (5, 1), (5, 2)):
        await year.answer(round_, n, 4, {"L.1": [option]})
    while_open = await year.explained(BY_OPTIONS)
    await year.close(round_)

    told = await year.explained(BY_OPTIONS)
    assert while_open["value"] is None
    assert "kết thúc một đợt khảo sát của năm có câu L.1" in while_open["title"]
    assert told["value"] == "0.70"
    assert told["evaluation"]["facts"] == {"A": 30, "B": 15, "C": 15, "D": 0}
    assert [child["title"] for child in told["children"]][:2] == [
        "A. Rất tốt: 30 trong 60 trả lời, trọng số 1: 0,50 điểm",
        "B. Tốt: 15 trong 60 trả lời, trọng số 0,6: 0,15 điểm",
    ]
    assert "từ đợt “Điều tra xã hội học”" in told["title"]
    assert told["notes"], "that the set is composed is said"


async def test_a_new_edition_tells_of_no_option_how_often_it_was_chosen_by_now(
    year, office, consumer
):
    form = await year.ask(code=LEADERS, question="L.1")
    round_ = await year.open(form, "Điều tra xã hội học")
    ballots = await year.answer(round_, 30, 4, {"L.1": [0]})
    await year.close(round_)
    before = (await year.explained(BY_OPTIONS))["evaluation"]
    gone = [each for each in ballots if each.unit_id == UNITS[0]][:12]
    await count(consumer, [excluded(each) for each in gone])

    path = f"/v1/indices/satisfaction/{round_.round_id}/editions"
    answer = await office.post("director", path, {"reason": "Phúc tra"})

    assert (answer.status_code, answer.json()["n"]) == (200, 78)
    assert (await year.explained(BY_OPTIONS))["evaluation"] == before
    assert before["facts"] == {"A": 90, "B": 0, "C": 0, "D": 0}


async def test_a_question_that_too_few_answered_feeds_nothing(year):
    form = await year.ask(code=LEADERS, question="L.1")
    round_ = await year.open(form, "Điều tra xã hội học")
    await year.answer(round_, 9, 4, {"L.1": [0]})
    await year.answer(round_, 11, 4)
    await year.close(round_)

    assert BY_OPTIONS not in await year.official(), "27 of 60 answered it, 30 must"
    assert (await year.official())["8.1.1"] == "1.50"


async def test_a_round_feeds_only_the_rows_whose_set_names_its_questionnaire(year):
    """L.1 is asked of citizens, too, by chance: 1.8.1 takes leaders only."""
    form = await year.ask(code=CITIZENS, question="L.1")
    round_ = await year.open(form, "Đợt khảo sát người dân")
    await year.answer(round_, 20, 4, {"L.1": [0]})
    await year.close(round_)

    assert BY_OPTIONS not in await year.official()


async def test_a_named_round_feeds_its_row_whatever_comes_later(year, demo_criteria):
    form = await year.ask()
    first = await year.open(form, "Đợt chính thức")
    await year.answer(first, 20, 5)
    await year.close(first)
    named = copy.deepcopy(demo_criteria)
    sub_criterion(named, "8.1.1")["from_rounds"] = {"round_id": str(first.round_id)}
    await year.publish(named)
    second = await year.open(form, "Đợt thử")
    await year.answer(second, 20, 1)
    await year.close(second)

    official = await year.official()
    assert (official["8.1.1"], official["8.1.2"]) == ("1.50", "0.00")


@pytest.mark.parametrize("seed", range(4))
async def test_official_figures_move_only_when_a_round_is_closed(year, seed):
    """Rounds are opened and answered, plans issued, in any order: only an end moves anything."""
    chance = random.Random(seed)
    form = await year.ask()
    open_rounds = []
    for step in range(14):
        before = await year.official()
        act = chance.choice(["open", "answer", "answer", "close", "plan"])
        if act == "open" or not open_rounds:
            open_rounds.append(await year.open(form, f"Đợt {step}"))
        elif act == "answer":
            await year.answer(
                chance.choice(open_rounds), chance.randint(1, 25), chance.choice([1, 5])
            )
        elif act == "plan":
            await year.issue(f"Kế hoạch {step}")
        else:
            await year.close(open_rounds.pop(chance.randrange(len(open_rounds))))
            before = await year.official()
        assert await year.official() == before, f"{act} at {step}"
    await rebuild_all(year)
    assert await year.official() == before, "rebuilt"


async def rebuild_all(year: Year) -> None:
    """Make every round's cells anew from its facts, and let the clock look."""
    async with year.database.sessions.begin() as session:
        for piece in await pieces(session):
            await rebuild(session, piece)
    await look(year.database)
    assert await drift(year.database) == 0
