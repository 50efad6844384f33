"""The forms of the directory: what a browser sends of a unit, a person or a group."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import FormData

from portal.fields import OF_REASON, Field, Fields
from portal.format import day as format_day
from portal.format import unaccented
from portal.forms import day, text, whole
from portal.i18n import mark

UNIT_KINDS = ("office", "room", "centre", "department")
ROLES = (
    "unit_officer", "unit_head", "office", "director", "appraiser", "auditor", "admin",
    "external_system",
)  # fmt: skip
_NAME = Field("name", mark("Name"))
_ALIASES = Field("aliases", mark("Other names, short forms"))
_UNIT = Field("unit_id", mark("Unit"))
OF_UNIT: Fields = {
    "/code": Field("code", mark("Code")),
    "/name": _NAME,
    "/kind": Field("kind", mark("Kind")),
    "/parent_id": Field("parent_id", mark("Above it")),
    "/aliases": _ALIASES,
    "/sort_order": Field("sort_order", mark("Place in lists")),
}
OF_PERSON: Fields = {
    "/employee_code": Field("employee_code", mark("Employee code")),
    "/name": _NAME,
    "/post": Field("post", mark("Post")),
    "/email": Field("email", mark("Work e-mail")),
    "/role": Field("role", mark("Role")),
    "/unit_id": _UNIT,
}
OF_ABSENCE: Fields = {
    "/substitute_id": Field("substitute_id", mark("Who stands in")),
    "/absent_from": Field("absent_from", mark("Away from"), is_day=True),
    "/absent_until": Field("absent_until", mark("Away until, included"), is_day=True),
}
OF_GROUP: Fields = {
    "/name": _NAME,
    "/aliases": _ALIASES,
    "/unit_ids": Field("unit_ids", mark("Units")),
}
OF_ENDING = OF_REASON


def read_unit(form: FormData) -> dict[str, Any]:
    """Return what the form says of a unit."""
    return {
        **{name: text(form, name) for name in ("code", "name", "kind")},
        "parent_id": text(form, "parent_id") or None,
        "aliases": lines(form, "aliases"),
        "sort_order": whole(form, "sort_order") if text(form, "sort_order") else 0,
    }


def read_person(form: FormData) -> dict[str, Any]:
    """Return what the form says of a person."""
    names = ("employee_code", "name", "post", "email", "role", "unit_id")
    return {name: text(form, name) for name in names}


def read_absence(form: FormData) -> dict[str, Any]:
    """Return who stands in from when to when; all null once nothing is filled in."""
    return {
        "substitute_id": text(form, "substitute_id") or None,
        "absent_from": day(form, "absent_from") or None,
        "absent_until": day(form, "absent_until") or None,
    }


def read_group(form: FormData) -> dict[str, Any]:
    """Return what the form says of a group."""
    ids = [str(each) for each in form.getlist("unit_ids")]
    return {"name": text(form, "name"), "aliases": lines(form, "aliases"), "unit_ids": ids}


def filled(thing: Mapping[str, Any]) -> dict[str, Any]:
    """Return a unit, person or group as its form shows it."""
    shown = {name: "" if value is None else value for name, value in thing.items()}
    days = {
        name: format_day(thing[name]) for name in ("absent_from", "absent_until") if thing.get(name)
    }
    return {**shown, "aliases": "\n".join(thing.get("aliases", ())), **days}


def lines(form: FormData, name: str) -> list[str]:
    """Return the lines of a field that say anything, each once."""
    return list(
        dict.fromkeys(line.strip() for line in text(form, name).split("\n") if line.strip())
    )


def matching(units: Iterable[Mapping[str, Any]], words: str) -> list[Mapping[str, Any]]:
    """Return the units in whose names or code every word stands, accents aside."""
    asked = unaccented(words).split()
    return [each for each in units if all(word in _names(each) for word in asked)]


def _names(unit: Mapping[str, Any]) -> str:
    names = (unit["code"], unit["name"], *unit["aliases"], *unit.get("former_names", ()))
    return unaccented(" ".join(names))


def tree(units: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return what stands below each unit, in the department's order; at the top below ""."""
    listed = sorted(units, key=lambda unit: (unit["sort_order"], unit["name"]))
    known = {each["id"] for each in listed}
    below: dict[str, list[Mapping[str, Any]]] = {}
    for each in listed:
        parent = each["parent_id"] if each["parent_id"] in known else ""
        below.setdefault(parent or "", []).append(each)
    return below
