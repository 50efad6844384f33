"""The reader in a process of its own: no secrets in its environment, bounded memory and time."""

import json
from dataclasses import asdict
from typing import Any

from chassis import bounded
from chassis.words import N_
from tasks.imports.appendix.model import (
    Appendix,
    AppendixRefused,
    Choices,
    Outside,
    SeenColumn,
    SeenTable,
)
from tasks.imports.appendix.older import TURNED_INTO, converted, older_kind
from tasks.imports.domain import RawRow
from tasks.remarks import Remark, sentence_of, stored

TIMEOUT = 30.0  # seconds; a real appendix takes less than one


async def read_in_subprocess(
    content: bytes,
    filename: str,
    choices: Choices | None = None,
    timeout: float = TIMEOUT,  # noqa: ASYNC109 - it bounds a process, not a coroutine
) -> Appendix:
    """Read an appendix safely, older kinds of files too where LibreOffice is installed.

    Raises AppendixRefused as `read` does, and when time is up.
    """
    if kind := older_kind(content, filename):
        content, filename = await converted(content, kind), f"appendix.{TURNED_INTO[kind]}"
    chosen = json.dumps(asdict(choices or Choices()))
    output = await bounded.run(
        "tasks.imports.appendix", filename, chosen, content=content, seconds=timeout
    )
    if output is None:
        raise AppendixRefused(
            "appendix_too_large",
            N_("Đọc tệp quá {seconds} giây. Hãy bớt nội dung thừa."),
            seconds=f"{timeout:.0f}",
        )
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
        tuple(_table(table) for table in answer["tables"]),
        tuple(_row(row) for row in answer["rows"]),
        tuple(_remark(remark) for remark in answer["remarks"]),
        tuple(Outside(**{**one, "place": sentence_of(one["place"])}) for one in answer["outside"]),
    )


def choices_from_json(text: str) -> Choices:
    """Read what the parent passes on; JSON has no numbers for keys."""
    data: dict[str, Any] = json.loads(text)
    columns = {
        table: {int(position): field for position, field in chosen.items()}
        for table, chosen in data["columns"].items()
    }
    return Choices(data["tables"], columns)


def _table(data: dict[str, Any]) -> SeenTable:
    reason = data["reason"] and sentence_of(data["reason"])
    columns = tuple(SeenColumn(**column) for column in data["columns"])
    place = sentence_of(data["place"])
    return SeenTable(**{**data, "place": place, "reason": reason, "columns": columns})


def _row(data: dict[str, Any]) -> RawRow:
    left_out = data["left_out"] and _remark(data["left_out"])
    remarks = tuple(_remark(remark) for remark in data["remarks"])
    return RawRow(**{**data, "left_out": left_out, "remarks": remarks})


def _remark(data: dict[str, Any]) -> Remark:
    return Remark(data["code"], sentence_of(data["sentence"]))
