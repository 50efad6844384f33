"""The form of a plan: what a browser sends of it, and what it shows of one that is there."""

from typing import Any

from starlette.datastructures import FormData

from portal.fields import Fields, of_plan
from portal.format import day as format_day
from portal.forms import day, text, whole

BASIS_ROWS = 8  # lines for legal bases; the 2025 plan has five
MOST_BASES = 50  # of one plan: tasks takes no more
OBJECTIVE_ROWS = 4
MOST_OBJECTIVES = 50
SIGNER = ("signer_authority", "signer_post", "signer_name")


def basis_places(form: FormData) -> list[int]:
    """Return the lines of legal bases in which anything is filled in, a title or not."""
    parts = ("title", "number", "issued_on")
    return [
        line
        for line in range(MOST_BASES)
        if any(text(form, f"basis_{part}_{line}") for part in parts)
    ]


def objective_places(form: FormData) -> list[int]:
    """Return the lines of objectives in which anything is filled in."""
    return [
        line
        for line in range(MOST_OBJECTIVES)
        if any(text(form, f"objective_{part}_{line}") for part in ("text", "source", "plan"))
    ]


def lines(bases: int, objectives: int) -> dict[str, int]:
    """Return how many lines a form has when so many are there: some empty ones, if one may add."""
    return {
        "basis_rows": min(max(BASIS_ROWS, bases + 3), MOST_BASES),
        "objective_rows": min(max(OBJECTIVE_ROWS, objectives + 2), MOST_OBJECTIVES),
    }


def lines_of(form: FormData) -> dict[str, int]:
    """Return how many lines a refused form needs, so that none that was filled in is lost."""
    last = max(basis_places(form), default=-1) + 1, max(objective_places(form), default=-1) + 1
    return lines(*last)


def fields_of(form: FormData) -> Fields:
    """Return the inputs of a plan's form by the pointers of the service."""
    return of_plan(basis_places(form), objective_places(form))


def read_bases(form: FormData) -> list[dict[str, Any]]:
    """Return the legal bases that are filled in."""
    return [
        {
            "title": text(form, f"basis_title_{place}"),
            "number": text(form, f"basis_number_{place}") or None,
            "issued_on": day(form, f"basis_issued_on_{place}") or None,
        }
        for place in basis_places(form)
    ]


def read_targets(form: FormData) -> list[dict[str, Any]]:
    """Return both targets: satisfaction over a figure, the PAR index at least a figure."""
    return [
        {
            "index": index,
            "comparison": text(form, f"target_{index}_comparison") or comparison,
            "value": text(form, f"target_{index}").replace(",", ".") or None,
            "source": text(form, f"target_{index}_source"),
        }
        for index, comparison in (("satisfaction", "over"), ("par", "at_least"))
    ]


def read_objectives(form: FormData) -> list[dict[str, Any]]:
    """Return the objectives that are filled in."""
    return [
        {
            "id": text(form, f"objective_id_{place}") or None,
            "text": text(form, f"objective_text_{place}"),
            "source": text(form, f"objective_source_{place}"),
            "other_plan_id": text(form, f"objective_plan_{place}") or None,
        }
        for place in objective_places(form)
    ]


def read_plan(form: FormData, signed_copy_id: str | None = None) -> dict[str, Any]:
    """Return the body of a new plan. `signed_copy_id`: the file, uploaded by now."""
    return {
        "year": whole(form, "year"),
        "title": text(form, "title"),
        "number": text(form, "number") or None,
        "issued_on": day(form, "issued_on") or None,
        **{name: text(form, name) or None for name in SIGNER},
        "signed_copy_id": signed_copy_id,
        "recipient_unit_ids": [str(id_) for id_ in form.getlist("recipient_unit_ids")],
        "closes_on": day(form, "closes_on"),
        "legal_bases": read_bases(form),
        "targets": read_targets(form),
        "objectives": read_objectives(form),
    }


def filled(plan: dict[str, Any]) -> dict[str, str]:
    """Return a plan's facts as its form shows them."""
    known = {
        "title": plan["title"],
        "year": str(plan["year"]),
        "number": plan["number"] or "",
        "issued_on": written_day(plan["issued_on"]),
        "closes_on": written_day(plan["closes_on"]),
        **{name: plan.get(name) or "" for name in SIGNER},
    }
    for place, basis in enumerate(plan["legal_bases"]):
        known |= {
            f"basis_title_{place}": basis["title"],
            f"basis_number_{place}": basis["number"] or "",
            f"basis_issued_on_{place}": written_day(basis["issued_on"]),
        }
    for place, objective in enumerate(plan.get("objectives", [])):
        known |= {
            f"objective_id_{place}": objective["id"],
            f"objective_text_{place}": objective["text"],
            f"objective_source_{place}": objective["source"],
            f"objective_plan_{place}": objective["other_plan_id"] or "",
        }
    return known


def written_day(value: str | None) -> str:
    """Return a day as a form takes it; empty when there is none."""
    return format_day(value) if value else ""
