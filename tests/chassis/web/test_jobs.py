"""Long work survives the process that runs it."""

import asyncio
import os
import signal
import sys

import pytest
from sqlalchemy import text
from tests.chassis.web.conftest import ISSUER, add_person, client_of, count

from chassis import jobs
from chassis.access import TokenVerifier
from chassis.errors import Conflict, NotFound
from chassis.jobs import JobFunctions, JobRunner, enqueue, find
from chassis.web import create_app

functions = JobFunctions()
INSERT = text("INSERT INTO note (id, title, place, version) VALUES (:id, :title, 0, 1)")


@functions.kind("add")
async def add(context):
    await context.progress(50)
    return {"sum": context.payload["a"] + context.payload["b"]}


@functions.kind("refuse")
async def refuse(context):
    raise Conflict("Không đọc được dòng {row}", row=context.payload["row"])


@functions.kind("break")
async def broken(_):
    raise RuntimeError("password in here")


@functions.kind("wait")
async def wait(context):
    await asyncio.sleep(context.payload["seconds"])  # why: a job that takes its time
    return {"attempts": context.job.attempts}


@functions.kind("effect")
async def effect(context):
    async with context.sessions.begin() as session:
        await session.execute(INSERT, {"id": context.job.id, "title": "một lần"})
        await context.complete(session, {"note": context.job.id})
    return {"ignored": True}


async def start(database, kind, payload=None, actor=None):
    async with database.sessions.begin() as session:
        return await enqueue(session, kind, payload or {}, actor)


async def now(database, job):
    async with database.sessions() as session:
        return await find(session, job.id)


@pytest.fixture
def runner(database):
    return JobRunner(database, functions, heartbeat_seconds=0.05, stale_seconds=0.5)


async def test_a_job_runs_and_keeps_its_result(database, runner):
    job = await start(database, "add", {"a": 2, "b": 3})
    assert job.state == "queued"
    assert await runner.run_one()
    assert not await runner.run_one()

    done = await now(database, job)
    assert (done.state, done.progress, done.result) == ("done", 100, {"sum": 5})
    assert done.finished_at is not None


async def test_a_refusal_is_told_to_people_and_a_bug_is_not(database, runner):
    refused, bug = await start(database, "refuse", {"row": 7}), await start(database, "break")
    await runner.run_one()
    await runner.run_one()

    assert (await now(database, refused)).error == "Không đọc được dòng 7"
    failed = await now(database, bug)
    assert failed.state == "failed"
    assert "password" not in failed.error


async def test_a_waiting_runner_is_woken_at_once(database, runner, eventually):
    task = asyncio.create_task(runner.run())
    await asyncio.sleep(0.3)  # why: let it wait first
    job = await start(database, "add", {"a": 1, "b": 1})

    async def done():
        return (await now(database, job)).state == "done"

    await eventually(done, within=2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_two_runners_run_a_job_once(database):
    job = await start(database, "wait", {"seconds": 0.2})
    runners = [JobRunner(database, functions) for _ in range(4)]
    ran = await asyncio.gather(*(runner.run_one() for runner in runners))

    assert sorted(ran) == [False, False, False, True]
    assert (await now(database, job)).result == {"attempts": 1}


async def running(database, job):
    return (await now(database, job)).state == "running"


async def test_a_long_job_keeps_its_claim_by_its_heartbeat(database, runner, eventually):
    """It runs for three times as long as a heartbeat may stay away."""
    job = await start(database, "wait", {"seconds": 1.5})
    other = JobRunner(database, functions, stale_seconds=0.5)
    task = asyncio.create_task(runner.run_one())
    await eventually(lambda: running(database, job))
    while not task.done():
        assert await other.run_one() is False or task.done()
        await asyncio.sleep(0.05)  # why: look again and again while the other works

    assert (await now(database, job)).result == {"attempts": 1}


async def test_a_runner_whose_job_was_taken_over_stops_at_once(database, runner, eventually):
    job = await start(database, "wait", {"seconds": 30})
    task = asyncio.create_task(runner.run_one())
    await eventually(lambda: running(database, job))
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE job SET attempts = attempts + 1"))
    await asyncio.wait_for(task, 5)

    assert (await now(database, job)).state == "running"


PROCESS = """
import asyncio, sys
from chassis.database import Database
from chassis.jobs import JobFunctions, JobRunner
functions = JobFunctions()

@functions.kind("wait")
async def wait(context):
    print("begun", flush=True)
    await asyncio.sleep(60)  # why: it is killed long before

asyncio.run(JobRunner(Database(sys.argv[1]), functions).run_one())
"""


async def test_a_job_whose_process_was_killed_is_run_by_another(database, runner, eventually):
    job = await start(database, "wait", {"seconds": 0})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, database.url, stdout=asyncio.subprocess.PIPE
    )
    assert await process.stdout.readline() == b"begun\n"
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert (await now(database, job)).state == "running"

    await eventually(runner.run_one, within=5)
    assert (await now(database, job)).result == {"attempts": 2}


async def test_a_job_that_kills_every_process_is_given_up(database, runner):
    job = await start(database, "wait", {"seconds": 0})
    async with database.sessions.begin() as session:
        dead = "state = 'running', attempts = 3, heartbeat_at = now() - interval '1h'"
        await session.execute(text(f"UPDATE job SET {dead}"))
    await runner.run_one()

    given_up = await now(database, job)
    assert (given_up.state, given_up.attempts) == ("failed", 4)


async def test_effect_and_completion_commit_together(database, runner):
    job = await start(database, "effect")
    await runner.run_one()

    done = await now(database, job)
    assert (done.state, done.result) == ("done", {"note": str(job.id)})
    assert await count(database) == 1


async def test_a_runner_that_was_given_up_cannot_complete(database):
    job = await start(database, "effect")
    async with database.sessions.begin() as session:
        first = await jobs.queue.claim(session, ["effect"], 0)
    async with database.sessions.begin() as session:
        second = await jobs.queue.claim(session, ["effect"], -1)
    late = jobs.JobContext(first, database.sessions)
    with pytest.raises(jobs.runner.Lost):
        await effect(late)

    assert second.attempts == 2
    assert await count(database) == 0
    assert (await now(database, job)).state == "running"


async def test_a_job_is_shown_to_whoever_started_it(database, issuer, office):
    app = create_app(
        "x", [jobs.job_router("job.read")], database, policies={"job.read"},
        tokens=TokenVerifier(ISSUER, keys=issuer.keys()), cursor_secret="x",
    )  # fmt: skip
    await add_person(database, "other")
    job = await start(database, "add", {"a": 1, "b": 1}, office)
    async with client_of(app, issuer.token()) as client:
        mine = await client.get(f"/v1/jobs/{job.id}")
    async with client_of(app, issuer.token(sub="o", employee_code="other")) as client:
        theirs = await client.get(f"/v1/jobs/{job.id}")

    assert (mine.json()["state"], mine.json()["progress"]) == ("queued", 0)
    assert mine.json()["created_at"].endswith("Z")
    assert (theirs.status_code, theirs.json()["code"]) == (404, "job_not_found")
    with pytest.raises(NotFound):
        async with database.sessions() as session:
            await find(session, office)
