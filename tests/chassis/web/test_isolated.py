"""A bad file costs a small process and nothing else."""

import asyncio
import json
import time
import zlib

import pytest

from chassis import isolated
from chassis.errors import InvalidInput
from chassis.files import kind_of


async def test_results_and_refusals_come_through():
    assert await isolated.call(json.loads, '{"a": "ă"}') == {"a": "ă"}
    with pytest.raises(ValueError, match="Expecting"):
        await isolated.call(json.loads, "{")
    with pytest.raises(Exception) as refused:  # noqa: PT011 - its code is checked below
        await isolated.call(kind_of, "a.exe", b"")
    assert refused.value.code == "file_kind_refused"
    assert str(refused.value) == "Chỉ nhận tệp docx, jpg, pdf, png, xlsx"
    with pytest.raises(RuntimeError, match="incorrect header"):
        await isolated.call(zlib.decompress, b"no")


async def test_a_memory_bomb_is_refused():
    bomb = zlib.compress(b"0" * 100_000_000)
    with pytest.raises(InvalidInput) as refused:
        await isolated.call(zlib.decompress, bomb, bufsize=2**31)
    assert refused.value.code == "file_too_complex"


async def test_what_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(isolated, "SECONDS", -4)
    began = time.monotonic()
    with pytest.raises(InvalidInput):
        await isolated.call(time.sleep, 60)
    assert time.monotonic() - began < 5


async def test_a_cancelled_caller_leaves_no_process_behind():
    task = asyncio.create_task(isolated.call(time.sleep, 60))
    await asyncio.sleep(0.5)  # why: let its process start
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
