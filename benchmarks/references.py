"""The two references that run beside the product: the bare ceiling and the tidy naive pipeline."""

import asyncio
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import asyncpg

from benchmarks.figures import Figures, Outcome, WrongFigures
from benchmarks.load import send
from benchmarks.naive.__main__ import ROUND, migrate
from benchmarks.naive.tables import CELLS, COUNTED
from benchmarks.serving import Processes, free_port
from benchmarks.stack import Stack

NAIVE = "naive"  # its database and its vhost
UNITS = 20


class Bare:
    """How many ballots the same server validates and answers, storing nothing."""

    def __init__(self, stack: Stack, processes: Processes) -> None:
        self._folder, self._port = stack.folder.path, free_port()
        self._doors = [(f"/{unit}", str(unit)) for unit in range(UNITS)]
        processes.start("benchmarks.bare", str(self._port), port=self._port)

    def per_second(self, **order: Any) -> float:
        """Return answers per second."""
        record = send(self._folder, port=self._port, doors=self._doors, **order)
        if record.failures:
            raise WrongFigures(f"the bare answer failed: {record.failures}")
        return record.per_second


class Naive:
    """The tidy pipeline, on a database and a vhost of its own on the same servers."""

    def __init__(self, stack: Stack, processes: Processes) -> None:
        self._folder, port = stack.folder.path, free_port()
        asyncio.run(_create(stack.postgres.url))
        database = stack.postgres.database_url(NAIVE)
        stack.rabbitmq.add_vhost(NAIVE)
        place = {"NAIVE_DATABASE_URL": database, "NAIVE_RABBITMQ_URL": stack.rabbitmq.url(NAIVE)}
        asyncio.run(migrate(database))
        processes.start("benchmarks.naive", "relay", environment=place)
        processes.start("benchmarks.naive", "consumer", environment=place)
        processes.start("benchmarks.naive", "api", str(port), port=port, environment=place)
        self._port = port
        units = [str(uuid4()) for _ in range(UNITS)]
        self._doors = [(f"/{unit}", unit) for unit in units]
        self._figures = Figures(database, ROUND, counted=COUNTED, cells=CELLS)

    def run(self, **order: Any) -> Outcome:
        """Send ballots, wait until all are counted, check every cell."""
        record = send(self._folder, port=self._port, doors=self._doors, **order)
        if record.failures:
            raise WrongFigures(f"the naive pipeline refused: {record.failures}")
        self._figures.sent += record.sent
        self._figures.wait_counted()
        self._figures.check()
        return self._figures.outcome(record)


def references(stack: Stack, stop: ExitStack) -> tuple[Bare, Naive]:
    """Start both; `stop` ends them."""
    processes = stop.enter_context(Processes())
    return Bare(stack, processes), Naive(stack, processes)


async def _create(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {NAIVE}")
    await connection.close()
