"""`python -m benchmarks.naive api|relay|consumer [PORT]`; servers in NAIVE_* variables."""

import asyncio
import json
import os
import sys
from uuid import UUID

import aio_pika
import uvloop
from fastapi import FastAPI, Response
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.ballots import codes
from benchmarks.naive import tables
from benchmarks.serving import serve
from chassis.database import async_url
from surveys.answers.api import Submission

QUEUE = "naive"
ROUND = UUID(int=1)
PAGE = 100
POLL = 0.05  # seconds between two looks at an empty outbox
PREFETCH = 20
LEVELS = ("n1", "n2", "n3", "n4", "n5")

Sessions = async_sessionmaker[AsyncSession]


def api(sessions: Sessions) -> FastAPI:
    """Store a ballot and its event in one transaction."""
    app = FastAPI()

    @app.post("/{unit_id}", status_code=202)
    async def submit(unit_id: UUID, ballot: Submission) -> Response:
        id_ = UUID(ballot.response_id)
        event = {"id": str(id_), "unit_id": str(unit_id), "answers": ballot.answers}
        async with sessions.begin() as session:
            session.add(tables.Response(response_id=id_, unit_id=unit_id, answers=ballot.answers))
            session.add(tables.Outbox(event=event))
        return Response(b"{}", status_code=202)

    return app


async def relay(sessions: Sessions, broker: str) -> None:
    """Publish one event after the other; forget it when it is confirmed."""
    connection = await aio_pika.connect_robust(broker)
    channel = await connection.channel(publisher_confirms=True)
    await _queue(channel)
    while True:
        async with sessions.begin() as session:
            page = select(tables.Outbox).order_by(tables.Outbox.seq).limit(PAGE)
            rows = (await session.scalars(page)).all()
            for row in rows:
                message = aio_pika.Message(
                    json.dumps(row.event).encode(),
                    delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
                )
                await channel.default_exchange.publish(message, routing_key=QUEUE)
                await session.delete(row)
        if not rows:
            await asyncio.sleep(POLL)


async def consumer(sessions: Sessions, broker: str) -> None:
    """Count one message after the other: a transaction, then the ack."""
    positions = {code: position for position, code in enumerate(codes(), 1)}
    connection = await aio_pika.connect_robust(broker)
    channel = await connection.channel()
    await channel.set_qos(PREFETCH)
    queue = await _queue(channel)
    async with queue.iterator() as messages:
        async for message in messages:
            async with sessions.begin() as session:
                await count(session, json.loads(message.body), positions)
            await message.ack()


async def count(session: AsyncSession, event: dict, positions: dict[str, int]) -> None:
    """Count one event, once: the fact is the inbox row as well."""
    place = {"round_id": ROUND, "unit_id": UUID(event["unit_id"])}
    fact = insert(tables.ResponseFact).values(
        response_id=UUID(event["id"]), answers=event["answers"], **place
    )
    if not (await session.execute(fact.on_conflict_do_nothing())).rowcount:
        return
    rows = sorted((positions[code], level) for code, level in event["answers"].items())
    cells = insert(tables.AnswerCell).values(
        [
            {**place, "question": position, **{f"n{n}": int(n == level) for n in range(1, 6)}}
            for position, level in rows
        ]
    )
    added = {n: tables.AnswerCell.__table__.c[n] + cells.excluded[n] for n in LEVELS}
    await session.execute(
        cells.on_conflict_do_update(index_elements=["round_id", "unit_id", "question"], set_=added)
    )
    n = insert(tables.ResponseCell).values(n=1, **place)
    one_more = {"n": tables.ResponseCell.n + 1}
    await session.execute(
        n.on_conflict_do_update(index_elements=["round_id", "unit_id"], set_=one_more)
    )


async def _queue(channel: aio_pika.abc.AbstractChannel) -> aio_pika.abc.AbstractQueue:
    return await channel.declare_queue(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})


async def migrate(database: str) -> None:
    """Create the tables."""
    engine = create_async_engine(async_url(database))
    async with engine.begin() as connection:
        await connection.run_sync(tables.Base.metadata.create_all)
    await engine.dispose()


def main(verb: str, port: str = "0") -> None:
    """Run one process of the pipeline."""
    database, broker = os.environ["NAIVE_DATABASE_URL"], os.environ["NAIVE_RABBITMQ_URL"]
    engine = create_async_engine(async_url(database), pool_size=10, max_overflow=0)
    sessions = async_sessionmaker(engine)
    if verb == "api":
        serve(api(sessions), int(port))
    else:
        uvloop.run({"relay": relay, "consumer": consumer}[verb](sessions, broker))


if __name__ == "__main__":
    main(*sys.argv[1:])
