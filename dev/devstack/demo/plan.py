"""The demo's plan as one writes it, and which of its tasks serve which objective."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from devstack.demo.office import Office

DEMO = Path(__file__).resolve().parents[3] / "demo"


def plan_of(office: Office, recipients: Sequence[str]) -> dict[str, Any]:
    """Return the demo's plan as one writes it, its signed copy uploaded; `recipients`: units."""
    content = _plan()
    name = content.pop("signed_copy")
    file = {"file": (name, (DEMO / name).read_bytes())}
    copy = office.post("office", "tasks", "/files", files=file)
    for dated in (content, *content["legal_bases"]):
        dated["issued_on"] = dated["issued_on"] and str(dated["issued_on"])
    content.pop("recipients")
    return {
        **content,
        "closes_on": str(content["closes_on"]),
        "signed_copy_id": copy["id"],
        "recipient_unit_ids": list(recipients),
        "objectives": [
            {"text": each["text"], "source": each["source"]} for each in content["objectives"]
        ],
    }


def serve_objectives(office: Office, plan_id: str) -> None:
    """Tick the tasks of each objective, as the office does once the appendix is imported."""
    path = f"/plans/{plan_id}"
    plan = office.get("office", "tasks", path)
    tasks = office.get("office", "tasks", f"{path}/tasks")["data"]
    for objective, known in zip(plan["objectives"], _plan()["objectives"], strict=True):
        serving = [task["id"] for task in tasks if task["number"] in known["tasks"]]
        address = f"{path}/objectives/{objective['id']}/tasks"
        body = {"task_ids": serving}
        plan = office.set("office", "tasks", address, body, plan["version"])


def _plan() -> dict[str, Any]:
    known: dict[str, Any] = yaml.safe_load((DEMO / "plan.yaml").read_text())
    return known
