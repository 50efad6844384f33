"""A template checked and filled, each time in a process of its own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chassis import bounded
from chassis.errors import TooLarge
from chassis.words import N_
from reporting.report_templates.domain import Fields, Place, Wrong, as_json, refusal

LARGEST = 5_000_000  # bytes
TIMEOUT = 12.0  # seconds, below those after which a waiting transaction is ended; usual is one
TOO_LARGE = N_("Mẫu quá lớn: tối đa {most} MB")
_STUCK = Wrong("too_slow", Place(""))


async def check(content: bytes, fields: Fields, needed: Sequence[str] = ()) -> list[str]:
    """Return the fields that a right template names.

    Raises InputRefused `template_invalid` naming all that is wrong; TooLarge. `needed`: fields that
    no template may leave out, or hide.
    """
    if len(content) > LARGEST:
        raise TooLarge(TOO_LARGE, code="template_too_large", most=LARGEST // 1_000_000)
    given = {"fields": as_json(fields), "needed": list(needed)}
    output = await _run("check", given, content)
    found = _wrong(output) if output else [_STUCK]
    if found or not output:
        raise refusal(found)
    mentions: list[str] = json.loads(output)["mentions"]
    return mentions


async def fill(
    content: bytes,
    values: Mapping[str, Any],
    needed: Sequence[str] = (),
    charts: Mapping[str, Any] | None = None,
) -> bytes:
    """Return a template filled with the values of a report. Raises InputRefused.

    `needed`: fields whose words have to be readable; `charts`: what is drawn, by its field.
    """
    given = {"values": values, "needed": list(needed), "charts": charts or {}}
    output = await _run("fill", given, content)
    if not output:
        raise refusal([_STUCK])
    if not output.startswith(b"PK"):
        raise refusal(_wrong(output))
    return output


async def _run(what: str, given: Mapping[str, Any], content: bytes) -> bytes | None:
    line = json.dumps(given, ensure_ascii=False).encode() + b"\n"
    module = "reporting.report_templates.isolated"
    return await bounded.run(module, what, content=line + content, seconds=TIMEOUT)


def _wrong(output: bytes) -> list[Wrong]:
    data = json.loads(output)["wrong"]
    return [Wrong(one["code"], Place(**one["place"]), one["tag"], one["facts"]) for one in data]
