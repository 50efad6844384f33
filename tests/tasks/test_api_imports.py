"""An appendix through the doors: uploaded, read, corrected, confirmed."""

import io
import zipfile

import pytest
from tests.tasks.office import DEMO

EXPECTED = 123  # assignments of the demo's appendix, see demo/README.md


@pytest.mark.parametrize("name", ["phu_luc_2025.docx", "phu_luc_2025.xlsx"])
async def test_both_demo_files_become_the_same_assignments(department, name):
    plan = await department.add_plan()
    import_id = await department.read_appendix(plan["id"], name)

    preview = (await department.office.get(f"/v1/imports/{import_id}")).json()
    confirmed = await department.office.post(f"/v1/imports/{import_id}/confirm")

    assert (preview["state"], preview["counts"]["assignments"]) == ("ready", EXPECTED)
    assert confirmed.json() == {"created": EXPECTED}
    assert len(await department.events("assignment_created")) == EXPECTED
