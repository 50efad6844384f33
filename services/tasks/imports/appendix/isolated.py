"""The reader in a process of its own: no secrets in its environment, bounded memory and time."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Any

from chassis.words import N_
from tasks.imports.appendix.model import Appendix, AppendixRefused, Column
from tasks.imports.domain import RawRow
from tasks.remarks import sentence_of, stored

TIMEOUT = 30.0  # seconds; a real appendix takes less than one


async def read_in_subprocess(content: bytes, filename: str, timeout: float = TIMEOUT) -> Appendix:  # noqa: ASYNC109 - it bounds a process, not a coroutine
    """Read an appendix safely. Raises AppendixRefused as `read` does, and when time is up."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "tasks.imports.appendix", filename),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(content), timeout)
    except TimeoutError:
        raise AppendixRefused(
            "appendix_too_large",
            N_("Đọc tệp quá {seconds} giây. Hãy bớt nội dung thừa."),
            seconds=f"{timeout:.0f}",
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return from_json(output)


def to_json(appendix: Appendix) -> bytes:
    """Write what the child has read."""
    return json.dumps(asdict(appendix), ensure_ascii=False).encode()


def refusal_to_json(refusal: AppendixRefused) -> bytes:
    """Write why the child refused."""
    return json.dumps({"code": refusal.code, "sentence": stored(refusal.sentence)}).encode()


def from_json(output: bytes) -> Appendix:
    """Read the child's answer; no answer: it died at one of its limits."""
    if not output:
        raise AppendixRefused("appendix_too_large", N_("Tệp quá lớn hoặc bị hỏng, không đọc được."))
    answer: dict[str, Any] = json.loads(output)
    if "code" in answer:
        sentence = sentence_of(answer["sentence"])
        raise AppendixRefused(answer["code"], sentence.template, **sentence.facts)
    return Appendix(
        tuple(Column(**column) for column in answer["columns"]),
        tuple(RawRow(**row) for row in answer["rows"]),
    )
