"""Signatures in PDFs: who, when, whether intact, over what, and by which root."""

import time
import zlib
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import pytest
from tests import signing

from chassis.signatures.checking import check
from tasks.jobs import tell_of_older_roots

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(scope="module")
def authority():
    return signing.root()


@pytest.fixture(scope="module")
def deputy(authority):
    return signing.person("Trần Văn Bình", authority)


@pytest.fixture(scope="module")
def document(deputy):
    return signing.signed(signing.blank(), deputy)


async def put(department, content, name="van_ban.pdf"):
    stored = await department.unit_officer.upload("/v1/files", name, content)
    assert stored.status_code == 201, stored.text
    await department.run_jobs()
    return stored.json()["id"]


async def seen(department, id_):
    answer = await department.unit_officer.get(f"/v1/files/{id_}/receipt")
    assert answer.status_code == 200, answer.text
    return answer.json()["signatures"]


async def trust(department, certified, content=None):
    return await department.admin.upload(
        "/v1/trusted_roots", "goc.cer", content or certified.der
    )  # fmt: skip


async def test_a_signature_is_shown_before_any_root_is_trusted(department, document):
    found = await seen(department, await put(department, document))

    [one] = found["signatures"]
    assert (found["state"], found["any_roots"]) == ("checked", False)
    assert (one["signer"], one["organisation"]) == ("Trần Văn Bình", "Cơ quan thử nghiệm")
    assert (one["verdict"], one["intact"], one["root"]) == ("no_roots", True, None)
    assert (one["coverage"], one["additions"]) == ("whole_file", "none")
    assert one["said_at"]
    assert one["stamped_at"] is None


async def test_a_root_comes_and_goes_and_each_time_files_are_looked_at_again(
    department, authority, document
):
    id_ = await put(department, document)
    added = await trust(department, authority, authority.pem)
    assert added.status_code == 201, added.text
    assert (await seen(department, id_))["state"] == "waiting"
    await department.run_jobs()

    [one] = (await seen(department, id_))["signatures"]
    assert one["verdict"] == "good"
    assert "Gốc chứng thực thử nghiệm" in one["root"]

    path = f"/v1/trusted_roots/{added.json()['id']}"
    assert (await department.admin.http.delete(path)).status_code == 204
    await department.run_jobs()
    [again] = (await seen(department, id_))["signatures"]
    assert again["verdict"] == "no_roots"
    audited = await department.rows(
        "SELECT action, before, after FROM audit_entry WHERE action ~ '^trusted_root' ORDER BY id"
    )
    assert [row.action for row in audited] == ["trusted_root.create", "trusted_root.delete"]
    assert audited[0].after == audited[1].before
    assert audited[0].after["name"] == "Gốc chứng thực thử nghiệm"


async def test_another_root_vouches_for_nobody_else(department, document):
    await trust(department, signing.root("Gốc khác"))
    [one] = (await seen(department, await put(department, document)))["signatures"]

    assert (one["verdict"], one["root"]) == ("untrusted", None)


async def test_a_certificate_that_had_ended_when_the_file_came_is_vouched_for_by_nobody(
    department, authority
):
    ended = signing.person("Người cũ", authority, ended=timedelta(days=2))
    await trust(department, authority)
    found = await seen(department, await put(department, signing.signed(signing.blank(), ended)))

    assert [one["verdict"] for one in found["signatures"]] == ["untrusted"]


async def test_a_changed_byte_and_a_page_turned_afterwards_are_told_apart(
    department, authority, document
):
    await trust(department, authority)
    altered = document.replace(b"842", b"841", 1)
    assert altered != document
    [broken] = (await seen(department, await put(department, altered)))["signatures"]
    turned = signing.changed_after(document)
    [later] = (await seen(department, await put(department, turned)))["signatures"]

    assert (broken["verdict"], broken["intact"]) == ("broken", False)
    assert (later["verdict"], later["intact"]) == ("changed_after", True)
    assert (later["coverage"], later["additions"]) == ("earlier_version", "other")


async def test_a_second_signature_does_not_harm_the_first(department, authority, document):
    await trust(department, authority)
    head = signing.person("Lê Thị An", authority)
    both = signing.signed(document, head, "Ky2")
    first, second = (await seen(department, await put(department, both)))["signatures"]

    assert (first["signer"], second["signer"]) == ("Trần Văn Bình", "Lê Thị An")
    assert (first["verdict"], first["coverage"]) == ("good", "earlier_version")
    assert first["additions"] == "signatures"
    assert (second["verdict"], second["coverage"]) == ("good", "whole_file")


async def test_an_authority_tells_the_time_once_its_root_is_trusted(department, authority, deputy):
    stamped = signing.signed(signing.blank(), deputy, stamped_by=signing.clock(authority))
    [before] = (await seen(department, await put(department, stamped)))["signatures"]
    await trust(department, authority)
    [after] = (await seen(department, await put(department, stamped)))["signatures"]

    assert before["stamped_at"] is None
    assert after["stamped_at"]
    assert after["verdict"] == "good"


async def test_a_name_that_cannot_be_stored_is_shown_without_what_cannot(department):
    trickster = signing.root("Gốc\x00 giả\u202e")
    assert (await trust(department, trickster)).json()["name"] == "Gốc giả"
    content = signing.signed(signing.blank(), signing.person("Trần\x00 Văn", trickster))
    [one] = (await seen(department, await put(department, content)))["signatures"]

    assert one["signer"] == "Trần Văn"


async def test_an_unsigned_pdf_is_done_at_once_and_a_picture_has_no_signatures(department):
    stored = await department.unit_officer.upload("/v1/files", "a.pdf", signing.blank())
    found = await seen(department, stored.json()["id"])

    assert (found["state"], found["signatures"]) == ("checked", [])
    assert await department.rows("SELECT id FROM job") == []


async def test_half_a_pdf_is_not_said_to_be_without_signatures(department):
    whole = signing.blank()
    half = await department.unit_officer.upload("/v1/files", "a.pdf", whole[: len(whole) // 2])
    found = await seen(department, half.json()["id"])

    assert (found["state"], found["signatures"]) == ("unreadable", [])


async def test_files_that_were_there_before_are_checked_some_at_a_time(
    department, document, monkeypatch
):
    monkeypatch.setattr("chassis.signatures.checks.MOST_AT_ONCE", 2)
    ids = [await put(department, document, f"{n}.pdf") for n in range(3)]
    await department.execute("DELETE FROM signature_report")
    assert (await seen(department, ids[0]))["state"] == "waiting"
    await department.execute(
        "INSERT INTO job (id, kind, payload) VALUES (gen_random_uuid(), 'check_signatures', '{}')"
    )

    assert await department.run_jobs() == 2
    states = [(await seen(department, id_))["state"] for id_ in ids]
    assert states == ["checked", "checked", "checked"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"hello", "certificate_unreadable"),
        (
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "certificate_unreadable",
        ),
        (b"0" * 70_000, "certificate_unreadable"),
        ("key", "certificate_with_key"),
        ("two", "certificate_not_one"),
        ("person", "certificate_no_root"),
    ],
)
async def test_what_is_no_root_is_refused_in_words(department, authority, deputy, content, code):
    made = {
        "key": authority.key_pem + authority.pem,
        "two": authority.pem + signing.root("Gốc hai").pem,
        "person": deputy.der,
    }
    answer = await trust(department, authority, made.get(content, content))

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await department.admin.get("/v1/trusted_roots")).json()["data"] == []


async def test_others_are_told_of_each_root_once_of_those_from_before_by_the_clock(
    department, authority
):
    id_ = (await trust(department, authority)).json()["id"]
    at_once = await department.events("trusted_root_changed")
    repeated = await department.run_clock(tell_of_older_roots)
    await department.execute("DELETE FROM event_log WHERE subject = CAST(:id AS uuid)", id=id_)
    counts = [await department.run_clock(tell_of_older_roots) for _ in range(2)]
    by_clock = await department.events("trusted_root_changed")
    await department.admin.http.delete(f"/v1/trusted_roots/{id_}")
    after = await department.run_clock(tell_of_older_roots)
    told = [each["data"]["root"] for each in await department.events("trusted_root_changed")]

    assert (repeated, counts, after) == (0, [1, 0], 0)
    assert [each["data"] for each in by_clock] == [each["data"] for each in at_once]
    assert b64decode(told[0]["certificate"]) == authority.der
    assert [(each["root_id"], each["version"], each["trusted"]) for each in told] == [
        (id_, 1, True), (id_, 2, False),
    ]  # fmt: skip


async def test_a_root_is_trusted_once(department, authority):
    await trust(department, authority)
    twice = await trust(department, authority, authority.pem)

    assert (twice.status_code, twice.json()["code"]) == (409, "trusted_root_known")


def pdf(*objects: bytes, tail: bytes = b"") -> bytes:
    """Return a PDF of these objects with a table of where they are."""
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    start = len(body)
    return (
        body + b"xref\n0 %d\n0000000000 65535 f \n" % size + table
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, tail, start)
    )  # fmt: skip


CATALOG = b"<< /Type /Catalog /Pages 2 0 R /AcroForm 3 0 R >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"
BOMB = zlib.compress(bytes(400_000_000), 9)
HOSTILE = {
    "no table at all": b"%PDF-1.7\n/ByteRange [0 1 2 3]\n%%EOF",
    "a table that leads to itself": pdf(CATALOG, PAGES, b"<< /Fields [] >>", tail=b"/Prev 100")
    + b"/ByteRange",
    "fields that hold each other": pdf(
        CATALOG, PAGES, b"<< /Fields [4 0 R] >>",
        b"<< /T (a) /FT /Sig /Kids [4 0 R] /ByteRange [0 1 2 3] >>",
    ),
    "a list in a list, very deep": pdf(
        CATALOG, PAGES, b"<< /Fields " + b"[" * 200_000 + b"]" * 200_000 + b" /ByteRange 1 >>"
    ),
    "a signature that is none": pdf(
        CATALOG, PAGES, b"<< /Fields [4 0 R] >>", b"<< /T (a) /FT /Sig /V 5 0 R >>",
        b"<< /Type /Sig /Filter /A /SubFilter /adbe.pkcs7.detached /ByteRange [0 9 9 9]"
        b" /Contents <30820000> >>",
    ),
    "a signed range as large as the sky": pdf(
        CATALOG, PAGES, b"<< /Fields [4 0 R] >>", b"<< /T (a) /FT /Sig /V 5 0 R >>",
        b"<< /Type /Sig /Filter /A /SubFilter /adbe.pkcs7.detached"
        b" /ByteRange [0 99999999999 99999999999 99999999999] /Contents <3000> >>",
    ),
    "objects packed four hundred times": pdf(
        CATALOG, PAGES, b"4 0 R",
        b"<< /Length %d /Filter /FlateDecode /ByteRange 1 >>\nstream\n" % len(BOMB) + BOMB
        + b"\nendstream",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_pdf_says_nothing_and_harms_nobody(name):
    began = time.monotonic()
    found = await check(HOSTILE[name], [], TOMORROW)

    assert not found or not any(one.intact for one in found)
    assert time.monotonic() - began < 60


async def test_a_check_ends_when_its_time_is_up(document):
    assert await check(document, [], TOMORROW, timeout=0.01) is None


async def test_a_file_that_cannot_be_checked_says_so(department):
    found = await seen(department, await put(department, HOSTILE["no table at all"]))

    assert (found["state"], found["signatures"]) == ("unreadable", [])
