"""A report about a period says what was so when the period ended: nothing that came later."""

import json
import random
import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.reporting.conftest import accepted, assignment, created, envelope, plan
from tests.reporting.reports import TODAY, YEAR, Reports, figures, sentences, shown
from tests.reporting.years import Year

from contracts.tasks import AssignmentCancelled, AssignmentPaused, PlanActivated, ResultSubmitted

HALF = {"from": "2024-12-15", "to": "2025-06-14"}


@pytest.fixture
def reports(office, consumer) -> Reports:
    return Reports(office, consumer)


async def take(reports: Reports, *events) -> None:
    """Let a plan be in force, and events about it happen."""
    await reports.consumer.apply([envelope(each) for each in (plan(reports.plan_id), *events)])


def task(reports: Reports, number: int, due_on: date, **facts):
    made = assignment(reports.plan_id, number, unit=number % 3)
    return made.model_copy(update={"due_on": due_on, **facts})


def paused(state, on: date):
    values = {"version": state.version + 1, "paused_on": on}
    return AssignmentPaused(assignment=state.model_copy(update=values))


def submitted(state, on: date):
    values = {"version": state.version + 1, "status": "submitted", "submitted_on": on}
    return ResultSubmitted(
        assignment=state.model_copy(update=values), result_id=uuid4(), evidence_count=1
    )


async def take_beside(reports: Reports, *events) -> None:
    """Let a plan of the year before be in force, and events about it happen."""
    before = plan(reports.plan_id).plan.model_copy(update={"year": 2024})
    told = [PlanActivated(plan=before), *events]
    await reports.consumer.apply([envelope(each) for each in told])


def accepted_on(day: date):
    return lambda state: accepted(state, on=day)


async def rows(reports: Reports, report: dict, code: str) -> list[list]:
    path = f"/v1/reports/{report['id']}/lists/{code}"
    return (await reports.office.get("office", path)).json()["rows"]


async def test_a_task_done_after_the_period_is_not_done_in_it(reports):
    before, after, late = (task(reports, n, date(2025, 6, 1)) for n in (1, 2, 3))
    await take(
        reports, *map(created, (before, after, late)), accepted(before, on=date(2025, 6, 14)),
        accepted(after, on=date(2025, 6, 15)), accepted(late, on=date(2025, 9, 1)),
    )  # fmt: skip
    half, year = await reports.make(**HALF), await reports.make()

    found = figures(half)
    assert (found["work.done"], found["work.overdue"], found["window.done"]) == (1, 2, 1)
    assert (found["window.due_done"], found["units.late"]) == (1, 2)
    assert sorted(row[7] for row in await rows(reports, half, "assignments")) == [
        "Hoàn thành quá hạn", "Quá hạn chưa hoàn thành", "Quá hạn chưa hoàn thành",
    ]  # fmt: skip
    assert {row[6] for row in await rows(reports, half, "assignments")} == {"2025-06-14", ""}
    assert figures(year)["work.done"] == 3


async def test_what_was_handed_in_and_accepted_only_afterwards_was_waiting(reports):
    state = task(reports, 1, date(2025, 6, 30))
    done = accepted(state, on=date(2025, 6, 10)).assignment
    at = datetime.combine(date(2025, 6, 14), time(17), UTC)  # 00:00 of the 15th here
    later = done.model_copy(update={"accepted_at": at})
    await take(reports, created(state))
    await reports.consumer.apply(
        [envelope(accepted(state).model_copy(update={"assignment": later}))]
    )
    found = figures(await reports.make(**HALF))

    assert (found["work.done"], found["work.waiting"], found["work.overdue"]) == (0, 1, 0)


async def test_a_result_handed_in_after_the_period_leaves_it_overdue(reports):
    state = task(reports, 1, date(2025, 6, 1))
    await take(reports, created(state), submitted(state, date(2025, 7, 1)))
    found = figures(await reports.make(**HALF))

    assert (found["work.waiting"], found["work.overdue"]) == (0, 1)


async def test_a_report_of_a_past_period_says_as_of_which_day_its_figures_are(reports):
    state = task(reports, 1, date(2025, 6, 1), first_due_on=date(2025, 5, 1), extended_times=1)
    await take(reports, created(state))
    report = await reports.make(**HALF)
    said = sentences(report)

    today = f"{TODAY:%d/%m/%Y}"
    assert "tính đến hết ngày 14/06/2025" in said["progress.as_of"]["text"]
    assert said["progress.extended"]["text"].endswith(f"(số liệu tại ngày {today}).")
    dated = {each["id"]: each["as_of"] for each in report["figures"]}
    assert dated["work.extended"] == TODAY.isoformat()
    assert dated["work.done"] is None
    notes = {row[1]: row[4] for row in await rows(reports, report, "indicators")}
    assert notes["Được gia hạn"] == f"số liệu tại ngày {today}"


async def test_a_period_that_goes_on_says_no_day(reports):
    await take(reports, created(task(reports, 1, TODAY)))
    end = TODAY + timedelta(days=10)
    report = await reports.make(kind="ad_hoc", **{"from": TODAY.isoformat()}, to=end.isoformat())

    assert "progress.as_of" not in sentences(report)
    assert {each["as_of"] for each in report["figures"]} == {None}


async def test_later_facts_do_not_move_the_figures_of_a_period_that_is_over(reports, office):
    state = task(reports, 1, date(2025, 6, 1))
    await take(reports, created(state))
    report = await reports.make(**HALF)
    await reports.consumer.apply([envelope(accepted(state, on=date(2025, 8, 1)))])
    found = (await office.get("office", f"/v1/reports/{report['id']}/corrections")).json()

    assert found["figures"] == []


async def test_a_task_due_between_two_years_windows_is_in_the_next_year_s(reports, consumer):
    year_end = [task(reports, n, date(2025, 12, n)) for n in (14, 15, 31)]
    await take(reports, *map(created, year_end))
    other = uuid4()
    state = plan(other).plan.model_copy(update={"year": 2026, "title": "Kế hoạch 2026"})
    await consumer.apply([envelope(PlanActivated(plan=state))])
    ours, next_ = (
        await reports.make(),
        await reports.make(**{"from": "2025-12-15"}, to="2026-03-14"),
    )

    assert (figures(ours)["window.due"], figures(ours)["next.due"]) == (1, 2)
    assert (figures(next_)["window.due"], figures(next_)["work.all"]) == (2, 3)
    assert {row[1] for row in await rows(reports, next_, "overdue")} == {
        each.number for each in year_end
    }
    assert figures(next_)["plan.title"] == "Kế hoạch 2026"


NOVEMBER = {"from": "2025-11-01", "to": "2025-11-30", "kind": "ad_hoc"}


@pytest.mark.parametrize(
    ("due", "became", "counted"),
    [
        (date(2025, 11, 1), None, "overdue"),  # due in it
        (date(2025, 11, 30), None, "open"),
        (date(2025, 12, 1), None, None),  # due after it: of its own plan's periods
        (date(2025, 12, 1), accepted_on(date(2025, 11, 30)), "done"),  # but done in it
        (date(2025, 12, 1), accepted_on(date(2025, 10, 31)), None),
        (date(2024, 6, 1), None, "overdue"),  # the backlog
        (date(2024, 6, 1), accepted_on(date(2025, 10, 31)), None),  # done before it began
        (date(2024, 6, 1), accepted_on(date(2025, 11, 1)), "done"),
        (date(2025, 10, 31), accepted_on(date(2025, 12, 1)), "overdue"),  # done after its end
    ],
)
async def test_of_another_year_s_plan_the_backlog_belongs_to_a_period(
    reports, due, became, counted
):
    state = task(reports, 1, due)
    await take_beside(reports, created(state), *([became(state)] if became else []))
    report = await reports.make(**NOVEMBER)
    found = figures(report)

    expected = {name: int(counted == name) for name in ("done", "overdue")}
    expected["all"] = int(counted is not None)
    assert {name: found[f"work.{name}"] or 0 for name in expected} == expected
    assert found["window.done"] in (expected["done"], None)
    assert len(await rows(reports, report, "overdue")) == expected["overdue"]


async def test_what_next_year_s_plan_has_due_in_the_next_period_comes_next_and_is_none_of_this(
    reports, consumer
):
    after = plan(uuid4()).plan.model_copy(update={"year": 2026})
    await take(reports, created(task(reports, 1, date(2025, 6, 1))))
    days = (date(2025, 12, 31), date(2026, 3, 1), date(2026, 12, 14), date(2026, 12, 15))
    coming = [
        assignment(after.plan_id, n, unit=1).model_copy(update={"due_on": day, "plan_year": 2026})
        for n, day in enumerate(days, 11)
    ]
    done = coming[1]
    told = [PlanActivated(plan=after), *map(created, coming), accepted(done, on=date(2025, 12, 1))]
    await consumer.apply([envelope(each) for each in told])
    report = await reports.make()

    found = figures(report)
    assert (found["next.due"], found["work.all"], found["window.due"]) == (2, 2, 1)
    assert len(await rows(reports, report, "next")) == 2
    assert len(await rows(reports, report, "assignments")) == 2  # the one done early is of this one
    assert [row[1:3] for row in await rows(reports, report, "units")]


async def test_a_backlog_keeps_the_sections_of_a_report_from_being_empty(reports):
    await take_beside(reports, *(created(task(reports, n, date(2024, 6, n))) for n in range(1, 12)))
    found = sentences(await reports.make(**NOVEMBER))

    assert "11 nhiệm vụ" in " ".join(each["text"] for each in found.values())
    assert not found.keys() & {"progress.no_data"}


async def test_of_a_plan_that_was_withdrawn_nothing_is_due(reports, consumer):
    await take(reports, created(task(reports, 15, date(2025, 12, 15))))
    gone = plan(reports.plan_id).plan.model_copy(update={"version": 2, "cancelled": True})
    await consumer.apply([envelope(PlanActivated(plan=gone))])
    found = figures(await reports.make(**{"from": "2025-12-15"}, to="2026-03-14"))

    assert found["window.due"] is None


async def test_a_paused_task_is_neither_due_nor_late_and_named_apart(reports, office):
    late, soon, done = (task(reports, n, d) for n, d in (
        (1, date(2025, 6, 1)), (2, date(2025, 7, 1)), (3, date(2025, 6, 2)),
    ))  # fmt: skip
    await take(
        reports, *map(created, (late, soon, done)), paused(late, date(2025, 5, 20)),
        paused(soon, date(2025, 5, 20)), accepted(done, on=date(2025, 6, 1)),
    )  # fmt: skip
    kind = (await office.get("office", "/v1/report_kinds/periodic")).json()
    outline = [*kind["body"]["outline"], {"id": "stopped", "heading": "Dừng", "table": "paused"}]
    client = await office.client("admin")
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{kind["version"]}"'}
    body = {"body": {**kind["body"], "outline": outline}, "reason": "Thêm bảng"}
    answer = await client.put("/v1/report_kinds/periodic", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    report = await reports.make(**HALF)

    found = figures(report)
    assert (found["work.paused"], found["work.open"], found["work.overdue"]) == (2, 0, 0)
    assert (found["work.due"], found["window.due"], found["next.due"]) == (1, 1, 0)
    assert await rows(reports, report, "overdue") == await rows(reports, report, "next") == []
    assert [row[-1] for row in await rows(reports, report, "paused")] == ["2025-05-20"] * 2
    states = [row[7] for row in await rows(reports, report, "assignments")]
    assert sorted(states) == ["Hoàn thành đúng hạn", "Tạm dừng", "Tạm dừng"]
    assert sentences(report)["progress.paused"]["text"].startswith("Cuối kỳ có 2 nhiệm vụ tạm dừng")


async def test_what_was_paused_after_the_period_was_owed_in_it(reports):
    state = task(reports, 1, date(2025, 6, 1))
    await take(reports, created(state), paused(state, date(2025, 6, 15)))
    found = figures(await reports.make(**HALF))

    assert (found["work.paused"], found["work.overdue"], found["window.due"]) == (0, 1, 1)


# ---------------------------------------------------------------- the indices, as they stood


async def announce(office, kind: str, year: int, at: str, **said) -> None:
    """Let a figure have been announced at a moment."""
    id_ = uuid4()
    async with office.database.sessions.begin() as session:
        await session.execute(
            text("INSERT INTO index_state (id, kind, scope_id, year) VALUES (:id, :k, :s, :y)"),
            {"id": id_, "k": kind, "s": uuid4(), "y": year},
        )
        index = {"data": {"index": said}}
        await session.execute(
            text(
                "INSERT INTO event_log (recorded_at, id, type, subject, version, occurred_at, "
                "envelope) VALUES (CAST(:at AS timestamptz), :e, 'reporting.index_changed.v1', "
                ":id, 1, CAST(:at AS timestamptz), :envelope)"
            ),
            {"at": datetime.fromisoformat(at), "e": uuid4(), "id": id_,
             "envelope": json.dumps(index)},
        )  # fmt: skip


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    return year


async def test_the_par_index_of_a_period_is_the_one_announced_last_in_it(reports, year, office):
    await reports.work()
    said = {"numerator": "30.5", "denominator": "90", "covered": "40"}
    for kind in ("par_secured", "par_projected", "par_official"):
        await announce(office, kind, 2025, "2025-06-14T16:59:59+00:00", value="33.89", **said)
        later = {**said, "numerator": "80"}
        await announce(office, kind, 2025, "2025-06-14T17:00:00+00:00", value="88.89", **later)
    report = await reports.make(**HALF)

    found = figures(report)
    assert (found["par.projected"], found["par.points"], found["par.valued"]) == (
        "33.89", "30.5", "40",
    )  # fmt: skip
    words = sentences(report)["results.projected"]["text"]
    assert words == ("Chỉ số CCHC dự kiến đạt 33,89%, trên cơ sở 40/90 điểm đã có số liệu.")
    of_today = {each["id"] for each in report["figures"] if each["as_of"]}
    assert {"par.rows", "par.rows_valued", "par.official_rows"} <= of_today
    assert "par.projected" not in of_today


async def test_where_no_figure_of_the_period_is_kept_the_report_says_of_which_day_it_is(
    reports, year
):
    await reports.work()
    round_ = await year.open(await year.ask(), "Khảo sát năm 2025")
    await year.answer(round_, 40, 5)
    await year.close(round_)
    report = await reports.make(**HALF)

    today = f"(số liệu tại ngày {TODAY:%d/%m/%Y})."
    for sentence in ("results.projected", "survey.value"):
        assert sentences(report)[sentence]["text"].endswith(today)
    assert sentences(report)["survey.as_of_table"]["text"] == (
        f"Bảng sau đây là số liệu tại ngày {TODAY:%d/%m/%Y}."
    )


async def test_satisfaction_of_a_period_is_what_its_last_release_showed(reports, year, office):
    await reports.work()
    round_ = await year.open(await year.ask(), "Khảo sát năm 2025")
    await year.answer(round_, 40, 5)
    async with office.database.sessions.begin() as session:
        await session.execute(
            text("UPDATE publication SET body = jsonb_set(body, '{at}', CAST(:at AS jsonb))"),
            {"at": '"2025-06-01T00:00:00Z"'},
        )
    await year.answer(round_, 40, 1)
    await year.close(round_)
    half, whole = await reports.make(**HALF), await reports.make(kind="survey")

    assert figures(half)["survey.share"] == "100.00"
    assert figures(whole)["survey.share"] == "50.00"
    assert not half_dated(half)


def half_dated(report: dict) -> list[str]:
    return [e["id"] for e in report["figures"] if e["as_of"] and e["id"].startswith("survey.")]


async def test_a_self_assessment_is_of_the_day_it_is_made_and_says_so(reports, year, office):
    await reports.work()
    said = {"numerator": "1", "denominator": "90", "covered": "1"}
    for kind in ("par_secured", "par_projected", "par_official"):
        await announce(office, kind, 2025, "2025-06-01T00:00:00+00:00", value="1.11", **said)
    report = await reports.make(kind="par_self")
    told = (await office.get("office", "/v1/indices/par/2025")).json()

    assert figures(report)["par.projected"] == told["projected"]["value"] != "1.11"
    assert "(số liệu tại ngày " in sentences(report)["result.points"]["text"]
    assert all("số liệu tại ngày" in each["title"] for each in report["annexes"][:1])


# ---------------------------------------------------------------- sentences and figures agree


def generated(reports: Reports, seed: int) -> list:
    """Return events of a plan: none, one or many of everything that can be with a task."""
    chance = random.Random(seed)
    events, many = [], chance.choice([0, 1, 1, 2, 25])
    for number in range(1, many + 1):
        due = date(2024, 12, 15) + timedelta(days=chance.randrange(0, 420))
        state = task(reports, number, due)
        events.append(created(state))
        on = due + timedelta(days=chance.randrange(-40, 40))
        became = chance.choice(["open", "done", "done", "submitted", "paused", "cancelled"])
        if became == "done":
            events.append(accepted(state, on=on))
        elif became == "submitted":
            events.append(submitted(state, on))
        elif became == "paused":
            events.append(paused(state, on))
        elif became == "cancelled":
            values = {"version": 2, "status": "cancelled"}
            gone = state.model_copy(update=values)
            events.append(AssignmentCancelled(assignment=gone, because="cancelled"))
    return events


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("kind", ["periodic", "ad_hoc"])
async def test_no_sentence_contradicts_a_figure(reports, office, seed, kind):
    await take(reports, *generated(reports, seed))
    window = HALF if seed % 2 else {"from": YEAR["from"], "to": YEAR["to"]}
    report = await reports.make(kind=kind, **window)
    found, known = figures(report), shown(report)
    body = (await office.get("office", f"/v1/report_kinds/{kind}")).json()["body"]
    forms = {f"{s['id']}.{f['id']}": f for s in body["outline"] for f in s["sentences"]}

    adds_up(found)
    for id_, sentence in sentences(report).items():
        form = forms.get(id_)
        numbers = re.findall(r"\d[\d.,]*\d|\d", re.sub(r"\d\d/\d\d/\d{4}", "", sentence["text"]))
        assert all(n in {known[f] for f in sentence["figures"]} for n in numbers), sentence
        if form and form["about"] and form["about"] in found:
            denies = sentence["text"] == form["zero"]
            assert denies == (found[form["about"]] == 0), sentence
    for code, figure in (("overdue", "work.overdue"), ("next", "next.due")):
        if any(each["code"] == code for each in report["lists"]):
            assert len(await rows(reports, report, code)) == found[figure]


def adds_up(found: dict) -> None:
    """What is done, open and paused makes up all, and no part is more than its whole."""
    assert found["work.all"] == found["work.done"] + found["work.open"] + found["work.paused"]
    assert found["work.done"] == found["work.on_time"] + found["work.late"]
    for part, whole in (
        ("window.due_done", "window.due"), ("window.done_late", "window.done"),
        ("window.done", "work.done"), ("work.done_due", "work.due"), ("work.overdue", "work.open"),
        ("work.waiting", "work.open"), ("units.late", "units.count"),
    ):  # fmt: skip
        assert 0 <= found[part] <= found[whole], (part, whole)
    assert bool(found["work.overdue"]) == bool(found["units.late"])


async def test_of_what_recurs_a_row_says_which_one_it_is(reports):
    due = date(2025, 1, 31)
    facts = {"content": "Rà soát tiến độ", "occurrence": "Tháng 01/2025"}
    await take(reports, created(task(reports, 1, due, **facts)))
    report = await reports.make()

    [row] = await rows(reports, report, "overdue")
    assert "Rà soát tiến độ (Tháng 01/2025)" in row
