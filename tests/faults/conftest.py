"""The rig of this session, and `row`: a fault under load, judged by the ledger, written down."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.faults.checking import Verdict, begin, check, until_seen
from tests.faults.load import Load, make_world, sign_in
from tests.faults.results import Results
from tests.faults.rig import NEWER_BROKER, Rig, new_folder

SEED = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))


def pytest_configure(config) -> None:
    config.addinivalue_line("markers", "faults: the long part of the fault table (`make faults`)")
    config.addinivalue_line("markers", "broker: a row that RABBITMQ=4 runs on the newer broker")


def pytest_collection_modifyitems(config, items) -> None:
    """Without `make faults` (FAULTS=1) or `-m faults` only the fast rows run; the rest is named.

    On the newer broker (RABBITMQ=4) run the rows in which the broker takes part.
    """
    everything = os.environ.get("FAULTS") or "faults" in config.getoption("markexpr")
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    left = [
        item
        for item in here
        if (item.get_closest_marker("faults") and not everything)
        or (NEWER_BROKER and not item.get_closest_marker("broker"))
    ]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def pytest_report_header() -> str:
    return f"faults: FAULTS_SEED={SEED}"


@pytest.fixture(scope="package")
async def rig(tmp_path_factory) -> AsyncIterator[Rig]:
    """Everything, until the last row: its processes would take time from the tests after it."""
    kept = os.environ.get("FAULTS_FOLDER")
    rig = Rig(
        new_folder(tmp_path_factory.getbasetemp().parent) if not kept else new_folder(Path(kept))
    )
    try:
        await rig.start()
        yield rig
    finally:
        await rig.stop()


@pytest.fixture(scope="package")
async def world(rig):
    return await make_world(rig)


@pytest.fixture(autouse=True, scope="module")
async def signed_in(rig, world) -> None:
    """Let a world's people sign in anew for each file: all rows take longer than a token lasts."""
    await asyncio.to_thread(sign_in, rig, world)


@pytest.fixture(scope="session")
def results():
    return Results()


async def broker_version(rig: Rig) -> str:
    """Return e.g. 3.10.8."""
    answer = await rig.manage("GET", "overview")
    return str(answer.json()["rabbitmq_version"])


class Fault:
    """A row under way: `load` works; `over` is called when the fault has passed."""

    def __init__(self, rig: Rig, load: Load) -> None:
        self.rig, self.load = rig, load
        self.ended_at = 0.0
        self.verdict = Verdict()
        self.recovery: asyncio.Task[float] | None = None

    def over(self) -> None:
        """From now on the system has to recover: until all tried before is done and seen."""
        self.ended_at = time.monotonic()
        row, moment = self.rig.ledger.row, time.time()

        async def watch() -> float:
            await until_seen(self.rig, row, moment, within=60)
            return time.monotonic() - self.ended_at

        self.recovery = asyncio.create_task(watch())


@pytest.fixture
def row(rig, world, results, request) -> Callable[..., object]:
    """Return a context manager: load during the block, then the ledger's verdict.

    `off`: the protection that is switched off in this row; then the ledger must complain.
    """

    @asynccontextmanager
    async def run(
        number: str, what: str, *, off: str = "", within: float = 120, **load_options: float
    ) -> AsyncIterator[Fault]:
        rig.ledger.row = f"{number}{' without ' + off if off else ''} {request.node.name}"
        load = Load(rig, world, f"{SEED} {rig.ledger.row}")
        fault = Fault(rig, load)
        await begin(rig)
        async with load.running(**load_options):
            await load.acked(20)
            yield fault
            if fault.recovery is None:
                fault.over()
            await asyncio.sleep(1)
        verdict = await check(rig, world, rig.ledger.row, within=within, still=8 if off else within)
        if fault.recovery is not None:
            verdict.recovered_s = round(await fault.recovery, 1) if not off else 0.0
        print(f"row {rig.ledger.row}: {verdict}; recovered in {verdict.recovered_s} s")
        if not results.broker:
            results.broker = await broker_version(rig)
        results.add(number, what, verdict, off=off)
        results.write()
        fault.verdict = verdict
        if not off:
            assert verdict.well, f"FAULTS_SEED={SEED} {verdict}"

    return run


@pytest.fixture(autouse=True)
async def clean_rig(rig, world) -> AsyncIterator[None]:
    """Leave the rig whole for the next row."""
    yield
    await rig.make_whole()
    await rig.until_ready()


@pytest.fixture
async def healing(rig):
    """Return a function that makes consumers compare themselves with the logs all the time."""
    changed = []

    async def start(*names: str) -> None:
        for name in names:
            changed.append(name)
            await rig[name].restart(CATCH_UP_SECONDS="2")

    yield start
    for name in changed:
        await rig[name].restart()
