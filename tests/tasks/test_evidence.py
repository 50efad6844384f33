"""Receipts of files, the same file twice, and pages as pictures that we draw."""

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from tests import signing
from tests.tasks.office import DEMO

PAPER = signing.blank(3)


async def put(caller, content=PAPER, name="Báo cáo.pdf"):
    stored = await caller.upload("/v1/files", name, content)
    assert stored.status_code == 201, stored.text
    return stored.json()["id"]


async def hand_in(caller, assignment, *file_ids):
    path = f"/v1/assignments/{assignment['id']}"
    version = (await caller.get(path)).json()["version"]
    body = {"note": "Kèm tệp.", "file_ids": list(file_ids)}
    answer = await caller.post(f"{path}/results", body, seen=version)
    assert answer.status_code == 200, answer.text


async def receipt(caller, id_):
    answer = await caller.get(f"/v1/files/{id_}/receipt")
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(found):
    return [place["number"] for other in found["same"] for place in other["places"]]


@pytest.fixture
async def two(busy):
    """An assignment that everybody helps with, one that only the Office's room helps with."""
    cchc = (await busy.units())["CCHC"]
    shared = await busy.one(unit_id=cchc, q="sang kien")
    alone = await busy.one(unit_id=cchc, q="thai do phuc vu")
    return shared, alone


async def test_a_receipt_says_what_came_when_from_whom_and_for_what(busy, two):
    shared, _ = two
    id_ = await put(busy.unit_officer)
    before = await receipt(busy.unit_officer, id_)
    await hand_in(busy.unit_officer, shared, id_)
    found = await receipt(busy.office, id_)

    assert before["places"] == []
    assert found["sha256"] == hashlib.sha256(PAPER).hexdigest()
    assert (found["name"], found["size"], found["kind"]) == ("Báo cáo.pdf", len(PAPER), "pdf")
    came = datetime.fromisoformat(found["received_at"])
    assert timedelta(0) <= datetime.now(UTC) - came < timedelta(minutes=5)
    assert found["received_from"]
    [place] = found["places"]
    assert (place["kind"], place["id"], place["number"], place["title"]) == (
        "result", shared["id"], shared["number"], shared["content"],
    )  # fmt: skip
    assert place["at"]


async def test_the_same_file_twice_is_seen_by_whoever_may_see_both(busy, two):
    shared, alone = two
    first, again = await put(busy.unit_officer), await put(busy.unit_officer, name="Bản khác.pdf")
    await hand_in(busy.unit_officer, alone, first)
    await hand_in(busy.unit_officer, shared, again)

    of_office = await receipt(busy.office, again)
    assert numbers(of_office) == [alone["number"]]
    assert of_office["same"][0]["name"] == "Báo cáo.pdf"
    assert numbers(await receipt(busy.office, first)) == [shared["number"]]
    assert numbers(await receipt(busy.unit_officer_ldvl, again)) == [], "the other is not theirs"
    hidden = await busy.unit_officer_ldvl.get(f"/v1/files/{first}/receipt")
    assert hidden.status_code == 404


async def test_a_file_that_was_only_uploaded_or_differs_by_a_letter_is_no_twin(busy, two):
    shared, _ = two
    id_ = await put(busy.unit_officer)
    await put(busy.unit_officer)
    await hand_in(busy.unit_officer, shared, id_)
    await hand_in_other(busy, two[1])

    assert numbers(await receipt(busy.office, id_)) == []


async def hand_in_other(busy, assignment):
    await hand_in(busy.unit_officer, assignment, await put(busy.unit_officer, PAPER + b"\n"))


async def test_the_signed_copy_of_a_plan_has_its_place_and_its_twins(busy, two):
    plan = (await busy.office.get("/v1/plans", limit=1)).json()["data"][0]
    [row] = await busy.rows("SELECT signed_copy_id FROM plan WHERE id = :id", id=plan["id"])
    content = (await busy.office.get(f"/v1/files/{row.signed_copy_id}")).content
    id_ = await put(busy.unit_officer, content)
    await hand_in(busy.unit_officer, two[0], id_)

    assert [p["kind"] for p in (await receipt(busy.office, row.signed_copy_id))["places"]] == [
        "plan"
    ]
    assert numbers(await receipt(busy.unit_officer, id_)) == [plan["number"]]


async def test_the_evidence_of_an_assignment_stands_in_one_list(busy, two):
    shared, alone = two
    await hand_in(busy.unit_officer, alone, await put(busy.unit_officer))
    files = [await put(busy.unit_officer), await put(busy.unit_officer, PAPER + b"\n", "b.pdf")]
    await hand_in(busy.unit_officer, shared, *files)
    found = (await busy.office.get(f"/v1/assignments/{shared['id']}/evidence")).json()["data"]
    hidden = await busy.unit_officer_ldvl.get(f"/v1/assignments/{alone['id']}/evidence")

    assert [each["id"] for each in found] == files
    assert [numbers(each) for each in found] == [[alone["number"]], []]
    assert hidden.status_code == 404


# ---------------------------------------------------------------- pages as pictures


def photograph(kind="JPEG", size=(3000, 2000), **more):
    written = BytesIO()
    Image.new("RGB", size, "navy").save(written, kind, **more)
    return written.getvalue()


async def test_pages_are_drawn_as_pictures_of_our_own(busy):
    id_ = await put(busy.unit_officer)
    count = await busy.unit_officer.get(f"/v1/files/{id_}/pages")
    page = await busy.unit_officer.get(f"/v1/files/{id_}/pages/3")
    beyond = await busy.unit_officer.get(f"/v1/files/{id_}/pages/4")
    stranger = await busy.unit_officer_ldvl.get(f"/v1/files/{id_}/pages/1")

    assert count.json() == {"pages": 3}
    assert page.headers["content-type"] == "image/png"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in page.headers["content-security-policy"]
    drawn = Image.open(BytesIO(page.content))
    assert (drawn.format, drawn.width) == ("PNG", 1190)
    assert (beyond.status_code, stranger.status_code) == (404, 404)


async def test_a_photograph_is_turned_made_smaller_and_loses_where_it_was_taken(busy):
    facts = Image.Exif()
    facts[0x0112], facts[0x010E] = 6, "nha rieng cua toi"  # turned by 90 degrees; a description
    id_ = await put(busy.unit_officer, photograph(exif=facts), "anh.jpg")
    page = await busy.unit_officer.get(f"/v1/files/{id_}/pages/1")
    drawn = Image.open(BytesIO(page.content))

    assert (drawn.format, drawn.width < drawn.height, drawn.height) == ("PNG", True, 1700)
    assert b"nha rieng" not in page.content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", (DEMO / "phu_luc_2025.docx").read_bytes()),
        ("hong.pdf", b"%PDF-1.7\nnothing more"),
        ("hong.png", b"\x89PNG\r\n\x1a\nnothing more"),
        ("la_gif.png", b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>"),
    ],
)
async def test_what_cannot_be_drawn_is_only_downloaded(busy, name, content):
    id_ = await put(busy.unit_officer, content, name)
    for path in ("pages", "pages/1"):
        answer = await busy.unit_officer.get(f"/v1/files/{id_}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (415, "file_not_drawable")
        assert name in answer.json()["detail"]


async def test_a_picture_as_large_as_a_wall_is_refused_before_it_is_unpacked(busy):
    wall = photograph("PNG", (20_000, 20_000))
    id_ = await put(busy.unit_officer, wall, "tuong.png")
    answer = await busy.unit_officer.get(f"/v1/files/{id_}/pages/1")

    assert len(wall) < 20_000_000
    assert answer.status_code == 415
