"""The parts of `make bench`: what is measured in which order, arms taking turns."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from statistics import median

from benchmarks import crowd, feed, imports, lists, machinery, rankings, reports, screen, urging
from benchmarks import task as task_
from benchmarks.claims import Report, per_thousand
from benchmarks.figures import Outcome, quantile
from benchmarks.outsiders import Outsiders, outsiders
from benchmarks.references import references
from benchmarks.stack import Stack, Usage
from benchmarks.survey import Round
from benchmarks.task import Office
from devstack.sign_in import access_token

REPEATS = 5
UNITS = (20, 200)
SECONDS = 8.0  # of a closed loop
NAIVE_SECONDS, NAIVE_CONNECTIONS = 4.0, 8
RATES = (100, 300, 600)
CLAIMED_RATE = 300
CONNECTIONS = 64
OPEN_SECONDS = 12.0
TICKETS = 8_000  # ballots, each with a ticket of its own
FLAT_OUT, TRICKLE = 250, 300  # results accepted
TOGETHER, TOGETHER_PAIRS = 100, 4  # results accepted by one request, and as many one by one
EVENTS, FEED_EVENTS = 10_000, 50_000
FACTS = 1_000_000
JOINING = 10  # seconds until a second worker consumes
OUT_RATE, OUT_SECONDS = 50, 20.0  # events a second for other systems
STREAMS, PAGES_ALONE, PAGE_RATES, PAGE_SECONDS = 500, 5, (20, 35, 50), 15.0
NOTICE_RATE, NOTICE_SECONDS, NOTICE_PAIRS = 20, 12.0, 10
SEEN_ALONE, SEEN_IN_STREAM = 20, 200  # results accepted before a browser
SEEN_RARELY, SEEN_RATE = 0.4, 20  # of them a second


def survey(stack: Stack, report: Report, *, full: bool) -> None:
    """S in closed loops, beside the bare ceiling and the naive pipeline."""
    rounds = {units: Round(stack, units) for units in UNITS}
    for round_ in rounds.values():
        round_.run(connections=CONNECTIONS, seconds=3)  # caches, plans, pages
    bare_: list[float] = []
    naive_: list[float] = []
    runs: dict[tuple[int, int], list[Outcome]] = {}
    with ExitStack() as stop:
        bare, naive = references(stack, stop)
        for _ in range(REPEATS * (2 if full else 1)):
            bare_.append(bare.per_second(connections=CONNECTIONS, seconds=4))
            naive_.append(
                naive.run(connections=NAIVE_CONNECTIONS, seconds=NAIVE_SECONDS).drained_per_s
            )
            for units, connections in ((20, 64), (200, 64), (20, 128), (200, 128)):
                outcome = rounds[units].run(connections=connections, seconds=SECONDS)
                runs.setdefault((units, connections), []).append(outcome)
                report.say(f"  {_said(outcome)}, {units} units, {connections} connections")
    for (units, connections), outcomes in runs.items():
        visible = [one.visible_per_s for one in outcomes]
        name = f"survey, {units} units, {connections} connections"
        first = (units, connections) == (20, CONNECTIONS)
        report.claim(name, visible, "visible/s", floor=1500 if connections == CONNECTIONS else None,
                     result="survey.sustained_per_s" if first else None)  # fmt: skip
    for units in UNITS:
        ours = [one.visible_per_s for one in runs[units, CONNECTIONS]]
        times = [one / reference for one, reference in zip(ours, naive_, strict=True)]
        share = [one / reference for one, reference in zip(ours, bare_, strict=True)]
        report.claim(f"survey, {units} units, of naive", times, "times", floor=20)
        report.claim(f"survey, {units} units, of bare", share, "of 1", floor=0.2)
    tickets = [rounds[20].run_tickets(TICKETS, connections=CONNECTIONS) for _ in range(REPEATS)]
    report.claim("survey with tickets, 20 units", [one.drained_per_s for one in tickets],
                 "visible/s", result="survey.tickets_per_s")  # fmt: skip
    report.claim("naive pipeline", naive_, "visible/s", result="survey.naive_per_s")
    report.claim("bare answer", bare_, "answers/s", result="survey.bare_per_s")
    every = runs[20, CONNECTIONS]
    count = sum(one.ballots for one in every)
    cpu = {name: sum(one.cpu[name] for one in every) for name in every[0].cpu}
    report.say(f"  CPU seconds per 1,000 responses: {per_thousand(cpu, count)}")
    _sizes(stack, report)


def latency(stack: Stack, report: Report, *, full: bool) -> None:
    """Submit → visible at fixed rates."""
    round_ = Round(stack, UNITS[0])
    round_.run(connections=CONNECTIONS, seconds=2)
    for rate in RATES:
        outcomes = [
            round_.run(connections=CONNECTIONS, seconds=OPEN_SECONDS, rate=rate)
            for _ in range(REPEATS * (2 if full else 1))
        ]
        place = {0.50: "survey.p50_ms_at_300", 0.99: "survey.p99_ms_at_300"}
        for share in (0.50, 0.95, 0.99):
            floor = 100 if (rate, share) == (CLAIMED_RATE, 0.99) else None
            report.claim(f"survey at {rate}/s, p{share * 100:.0f}",
                         [one.ms(share) for one in outcomes], "ms", floor=floor, at_most=True,
                         result=place.get(share) if rate == CLAIMED_RATE else None)  # fmt: skip
        cpu = {name: sum(o.cpu[name] for o in outcomes) for name in outcomes[0].cpu}
        count = sum(one.ballots for one in outcomes)
        report.say(f"  CPU seconds per 1,000 responses: {per_thousand(cpu, count)}")


def task(stack: Stack, report: Report, *, full: bool) -> None:
    """T: accepted → figures and notifications."""
    office = Office(stack)
    office.run(100)
    flat = [office.run(FLAT_OUT) for _ in range(REPEATS)]
    slow = [office.run(TRICKLE, rate=20) for _ in range(2 if full else 1)]
    report.claim("results accepted, flat out", [one.per_second for one in flat], "effects/s",
                 floor=200, result="task.sustained_per_s")  # fmt: skip
    report.claim("results answered, flat out", [one.answered_per_s for one in flat], "answers/s")
    report.claim("results accepted at 20/s, p50", [one.ms(0.5) for one in slow], "ms")
    report.claim("results accepted at 20/s, p95", [one.ms(0.95) for one in slow], "ms",
                 floor=200, at_most=True, result="task.p95_ms_at_20")  # fmt: skip
    cpu = {name: sum(one.cpu[name] for one in flat) for name in flat[0].cpu}
    report.say(f"  CPU seconds per 1,000 results: {per_thousand(cpu, FLAT_OUT * len(flat))}")


def screen_(stack: Stack, report: Report, *, full: bool) -> None:
    """E: from a result's acceptance to the Director's screen, each behind a quiet second, and many.

    Answers are not measured: their figure moves when it is released.
    """
    office = Office(stack)
    office.run(20)
    shown = screen.Screen(stack, task_.YEAR, screen.DONE)
    ways = {
        "a result accepted": (500, SEEN_ALONE, SEEN_RARELY),
        f"results accepted at {SEEN_RATE}/s": (1300, SEEN_IN_STREAM, SEEN_RATE),
    }
    for name, (most, count, rate) in ways.items():
        p95 = [
            shown.p95(partial(office.accept, count, rate=rate))
            for _ in range(REPEATS if full else 2)
        ]
        report.claim(f"{name}, to the screen, p95", p95, "ms", floor=most, at_most=True)
    shown.close()


def bulk(stack: Stack, report: Report, *, full: bool) -> None:
    """Results accepted by one request, and as many one by one, in pairs that take turns."""
    office = Office(stack)
    office.run(50)
    office.run_together(50)
    pairs = []
    for number in range(TOGETHER_PAIRS * (2 if full else 1)):
        ways = (office.run, office.run_together)
        first, second = ways if number % 2 else ways[::-1]
        done = {first: first(TOGETHER), second: second(TOGETHER)}
        pairs.append((done[office.run], done[office.run_together]))
    alone = [sum(one.cpu.values()) / TOGETHER * 1000 for one, _ in pairs]
    together = [sum(one.cpu.values()) / TOGETHER * 1000 for _, one in pairs]
    report.claim("a result accepted alone", alone, "ms of CPU")
    report.claim("a result accepted among 100", together, "ms of CPU")
    shares = [one / other for one, other in zip(together, alone, strict=True)]
    report.claim("CPU of a row in bulk, of one by one", shares, "times", floor=0.4,
                 at_most=True, result="bulk.of_one_by_one")  # fmt: skip
    effects = [one.ms(1.0) for _, one in pairs]
    report.claim("100 accepted at once, until the last effect", effects, "ms")
    cpu = {name: sum(one.cpu[name] for _, one in pairs) for name in pairs[0][1].cpu}
    report.say(f"  CPU seconds per 1,000 rows: {per_thousand(cpu, TOGETHER * len(pairs))}")


def machinery_(stack: Stack, report: Report, *, full: bool) -> None:
    """Relay, consumer and rebuild alone; cost per event with few and with many facts."""
    round_ = Round(stack, UNITS[0])
    round_.run(connections=CONNECTIONS, seconds=3)
    few = [machinery.alone(stack, round_, EVENTS) for _ in range(REPEATS)]
    report.claim("relay alone", [one.relay_per_s for one in few], "events/s", floor=5000,
                 result="relay_per_s")  # fmt: skip
    report.claim("consumer alone", [one.consumer_per_s for one in few], "events/s")
    _feed(stack, report, median(one.relay_per_s for one in few))
    small = median(one.consumer_cpu_us for one in few)
    released = machinery.releases(stack, Round(stack, UNITS[1]), REPEATS)
    report.claim("a release of 200 units", released, "ms", floor=100, at_most=True,
                 result="release_200_units_ms")  # fmt: skip
    for millions, place in ((1, "cost_ratio_1m"), *([(10, "cost_ratio_10m")] if full else [])):
        machinery.fill(stack, round_, millions * FACTS)
        name = f"{millions} million facts stored"
        built = [machinery.rebuild(stack, round_) for _ in range(REPEATS)]
        report.claim(f"rebuild, {name}", built, "facts/s", floor=50_000,
                     result="rebuild_per_s" if millions == 1 else None)  # fmt: skip
        many = [machinery.alone(stack, round_, EVENTS) for _ in range(REPEATS)]
        ratios = [one.consumer_cpu_us / small for one in many]
        report.claim(f"cost of an event, {name}", ratios, "times that with few", floor=1.3,
                     at_most=True, result=place)  # fmt: skip
        report.say(f"  consumer alone {median(o.consumer_per_s for o in many):,.0f} events/s")
        report.say(f"  {_event(few)} with few facts, {_event(many)} with {millions} million; "
                   f"shared_buffers {machinery.shared_buffers(stack)}")  # fmt: skip
    second = stack.start_second(machinery.WORKER)
    stack.call(asyncio.sleep(JOINING))
    workers = (machinery.WORKER, second)
    two = [machinery.alone(stack, round_, EVENTS, workers) for _ in range(REPEATS)]
    report.claim("two consumers", [one.consumer_per_s for one in two], "events/s")
    _sizes(stack, report)


def lists_(stack: Stack, report: Report, *, full: bool) -> None:
    """Lists, filters, words, counts and the file, with 50,000 assignments stored."""
    province = lists.province_of(stack)
    for name, (path, queries) in lists.asked_for(province).items():
        times = [province.p95(path, queries) for _ in range(REPEATS if full else 3)]
        place = "lists.p95_ms" if name == "list, any order" else None
        report.claim(f"{name}, p95", times, "ms", floor=50, at_most=True, result=place)
    months = [province.p95("/office/month", lists.MONTHS) for _ in range(3)]
    report.claim("the Office's month, p95", months, "ms", floor=300, at_most=True)
    files = [lists.export(province) for _ in range(3)]
    rows = files[0].rows
    report.claim(f".xlsx of {rows:,} rows", [one.ours for one in files], "s")
    report.claim(".xlsx, of the bare library", [one.ours / one.bare for one in files], "times",
                 floor=2, at_most=True, result="lists.xlsx_of_bare")  # fmt: skip
    report.say(f"  memory of the API grew by {max(one.grown_mb for one in files):.0f} MB")


def crowd_(stack: Stack, report: Report, *, full: bool) -> None:
    """500 open streams, and pages of all kinds at fixed rates, with 50,000 assignments stored."""
    people = crowd.Crowd(stack, lists.province_of(stack))
    alone = [people.run(0, PAGES_ALONE, PAGE_SECONDS) for _ in range(3)]
    report.claim(f"pages at {PAGES_ALONE}/s, nobody else, p95", [one.ms(0.95) for one in alone],
                 "ms", floor=250, at_most=True)  # fmt: skip
    for rate in PAGE_RATES:
        runs = [people.run(STREAMS, rate, PAGE_SECONDS) for _ in range(REPEATS if full else 3)]
        name = f"pages at {rate}/s beside {STREAMS} streams"
        floor = 500 if rate == PAGE_RATES[-1] else None
        report.claim(f"{name}, p95", [one.ms(0.95) for one in runs], "ms",
                     floor=floor, at_most=True)  # fmt: skip
        failed = [float(one.failed.total()) for one in runs]
        report.claim(f"{name}, failed", failed, "pages", floor=0, at_most=True)


def imports_(stack: Stack, report: Report, *, full: bool) -> None:
    """An appendix of 5,000 rows, uploaded, shown and confirmed."""
    imports.import_once(stack)
    runs = [imports.import_once(stack) for _ in range(REPEATS if full else 3)]
    report.claim("5,000 rows, upload to preview", [one.shown for one in runs], "s", floor=4,
                 at_most=True, result="imports.preview_s")  # fmt: skip
    report.claim("5,000 rows, confirmed", [one.confirmed for one in runs], "s", floor=3,
                 at_most=True, result="imports.confirm_s")  # fmt: skip


def rankings_(stack: Stack, report: Report, *, full: bool) -> None:
    """R: what it takes to read figures, sheets and rankings of many bodies."""
    bodies = rankings.BODIES if full else rankings.FEW
    scored = rankings.Scored(stack, bodies)
    scored.check()
    report.claim(f"ranking of {bodies} bodies, published", scored.published_s, "s")
    unit = next(iter(stack.demo.units.values()))
    slowest: dict[float, float] = {}
    for name, (most, addresses) in rankings.asked_for(scored, unit).items():
        p95 = scored.p95(addresses)
        slowest[most] = max(p95, slowest.get(most, 0))
        report.claim(f"{name}, {bodies} bodies, p95", p95, "ms", floor=most, at_most=True)
    so_far = scored.take_back()
    report.claim(f"ranking under appraisal, {bodies} bodies, first look",
                 scored.ask("GET", so_far[0])[0] * 1000, "ms")  # fmt: skip
    report.claim(f"ranking under appraisal, {bodies} bodies, p95", scored.p95(so_far), "ms",
                 floor=100, at_most=True)  # fmt: skip
    for most, place in ((50, "figure"), (100, "ranking"), (200, "sheet")):
        report.claim(f"slowest {place}, p95", slowest[most], "ms",
                     result=f"rankings.{place}_p95_ms")  # fmt: skip


def urging_(stack: Stack, report: Report, *, full: bool) -> None:
    """U: the ladder over every row of a province, and 2,000 rows urged in one act."""
    late = urging.Late(lists.province_of(stack))
    times = REPEATS if full else 3
    climbed = [late.climb() for _ in range(times)]
    name = f"ladder over {lists.ASSIGNMENTS:,} late rows"
    report.claim(name, [took for took, _ in climbed], "s", floor=5, at_most=True)
    report.say(f"  {climbed[0][1]} people are told")
    urged = [late.urge() for _ in range(times)]
    report.claim(f"{urging.ROWS:,} rows urged, answered", [one for one, _, _ in urged], "s")
    report.claim(f"{urging.ROWS:,} rows urged, to the last notice",
                 [last for _, last, _ in urged], "s", floor=3, at_most=True)  # fmt: skip
    report.say(f"  {urged[0][2]} people are told")


def reports_(stack: Stack, report: Report, *, full: bool) -> None:
    """D: a report of 50,000 assignments: its snapshot, its papers, two at once, others meanwhile.

    With `full` a million answers are stored beside them.
    """
    if full:
        round_ = Round(stack, UNITS[0])
        round_.run(connections=CONNECTIONS, seconds=3)
        machinery.fill(stack, round_, FACTS)
    reported = reports.Reported(stack)
    reported.make()  # connections, plans
    alone = [reported.make() for _ in range(REPEATS if full else 3)]
    id_ = alone[-1][1]
    name = f"a report of {reports.ASSIGNMENTS:,} assignments"
    report.claim(f"{name}, snapshot", [took for took, _ in alone], "s", floor=3, at_most=True)
    for kind, most in (("document.docx", 10), ("document.pdf", 20)):
        took = [reported.paper(id_, kind) for _ in range(3)]
        report.claim(f"{name}, {kind}", took, "s", floor=most, at_most=True)
    annexes = [reported.annex(id_) for _ in range(3)]
    report.claim(f"{name}, annex.xlsx", [ours for ours, _ in annexes], "s")
    report.claim("its annex, beside the library alone", [o / b for o, b in annexes],
                 "times", floor=2, at_most=True)  # fmt: skip
    both = [reported.two_at_once() / (2 * took) for took, _ in alone]
    report.claim("two reports at once, of one after the other", both, "times", floor=1,
                 at_most=True)  # fmt: skip
    beside = [_figures_beside_reports(reported, first=n % 2 == 0) for n in range(REPEATS)]
    report.claim("p95 of the figures while reports are made, beside without", beside, "times",
                 floor=1.2, at_most=True)  # fmt: skip


def _figures_beside_reports(reported: reports.Reported, *, first: bool) -> float:
    took = {made: reported.p95_of_a_reader(while_made=made) for made in (first, not first)}
    return took[True] / took[False]


def _feed(stack: Stack, report: Report, relay_per_s: float) -> None:
    stack.demo.partner()
    token = access_token(stack.addresses["issuer"], "external")
    place = stack.addresses["notifications"], token, stack.databases["notifications"]
    read = [feed.read_per_s(*place, FEED_EVENTS) for _ in range(REPEATS)]
    report.claim("feed to one reader", read, "events/s")
    report.claim("feed to one reader, beside the relay alone", [one / relay_per_s for one in read],
                 "times", floor=1.0)  # fmt: skip


def outsiders_(stack: Stack, report: Report, *, full: bool) -> None:
    """Commit → other systems with fifty of them hanging; and notices beside them, in pairs."""
    with outsiders(stack) as others:
        others.run(OUT_RATE, 5)
        runs = [others.run(OUT_RATE, OUT_SECONDS) for _ in range(REPEATS * (2 if full else 1))]
        for kind in ("webhook", "queue"):
            for share, floor in ((0.5, None), (0.95, 1000), (0.99, None)):
                values = [one.ms(kind, share) for one in runs]
                report.claim(f"{kind} at {OUT_RATE}/s, p{share * 100:.0f}", values, "ms",
                             floor=floor, at_most=True)  # fmt: skip
        cpu = {name: sum(one.cpu[name] for one in runs) for name in runs[0].cpu}
        events = sum(one.events for one in runs)
        report.say(f"  CPU seconds per 1,000 events: {per_thousand(cpu, events)}")
        pairs = [_beside(others, first=number % 2 == 0) for number in range(NOTICE_PAIRS)]
    for share, floor in ((0.5, 1.05), (0.95, None)):
        ratios = [quantile(with_, share) / quantile(without, share) for with_, without in pairs]
        report.claim(f"notice beside 200 subscriptions over none, p{share * 100:.0f}", ratios,
                     "times", floor=floor, at_most=True)  # fmt: skip
        alone = [quantile(without, share) * 1000 for _, without in pairs]
        report.claim(f"notice without subscriptions, p{share * 100:.0f}", alone, "ms")


def _beside(others: Outsiders, *, first: bool) -> tuple[list[float], list[float]]:
    """Return the lateness of notices with subscriptions and without, either of them first."""
    found = {}
    for active in (first, not first):
        (others.resume if active else others.pause)()
        found[active] = others.notices(NOTICE_RATE, NOTICE_SECONDS)
    return found[True], found[False]


def _event(runs: Sequence[machinery.Alone]) -> str:
    cpu, wal = (median(getattr(one, of) for one in runs) for of in ("consumer_cpu_us", "wal_bytes"))
    return f"an event {cpu:,.0f} µs of CPU, {wal:,.0f} bytes of WAL"


def _said(outcome: Outcome) -> str:
    return (
        f"accepted {outcome.accepted_per_s:,.0f}/s, visible {outcome.visible_per_s:,.0f}/s, "
        f"backlog {outcome.backlog:,}"
    )


def _sizes(stack: Stack, report: Report) -> None:
    held = ", ".join(
        f"{name} {rows:,} rows {size:.1f} MB"
        for name, (rows, size) in machinery.sizes(stack).items()
    )
    report.say(f"  outboxes and inboxes: {held}")
    memory = sorted(Usage(stack).memory().items(), key=lambda item: -item[1])
    report.say("  memory, MB: " + ", ".join(f"{name} {mb:.0f}" for name, mb in memory))


Part = Callable[..., None]
PARTS: dict[str, Part] = {
    "survey": survey,
    "latency": latency,
    "task": task,
    "screen": screen_,
    "bulk": bulk,
    "lists": lists_,
    "crowd": crowd_,
    "imports": imports_,
    "rankings": rankings_,
    "urging": urging_,
    "reports": reports_,
    "machinery": machinery_,
    "outsiders": outsiders_,
}
