"""What can be named by its code: of the newest criteria set of the department's index."""

from typing import Any

from portal.parts import optional_if_visible
from portal.visit import Visit

SETS = "/v1/criteria_sets"
Criteria = dict[str, str]  # names by code, in the order of the set


async def newest_set(visit: Visit) -> dict[str, Any]:
    """Return the set; an empty one while reporting is away, or for who may not read it."""
    sets = await optional_if_visible(visit.api.every("reporting", SETS))
    if not isinstance(sets, list):
        return {"areas": []}
    ours = [s for s in sets if s["status"] == "published" and s["serves"] == "par_index"]
    if not ours:
        return {"areas": []}
    newest = max(ours, key=lambda each: (each["year"], each["set_version"]))
    whole = await optional_if_visible(visit.api.get("reporting", f"{SETS}/{newest['id']}"))
    body: dict[str, Any] = whole["body"] if isinstance(whole, dict) else {"areas": []}
    return body


def sub_criteria(body: dict[str, Any]) -> Criteria:
    """Return what is scored by itself."""
    return {sub["code"]: sub["name"] for each in _criteria(body) for sub in each["sub_criteria"]}


def every_criterion(body: dict[str, Any]) -> Criteria:
    """Return criteria, each before its sub-criteria."""
    return {
        one["code"]: one["name"]
        for each in _criteria(body)
        for one in (each, *each["sub_criteria"])
    }


def _criteria(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [criterion for area in body["areas"] for criterion in area["criteria"]]
