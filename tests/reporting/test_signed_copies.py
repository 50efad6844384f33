"""The signatures of a signed copy are shown, under the roots that tasks tells of."""

from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

import pytest
from tests import signing
from tests.reporting.conftest import envelope
from tests.reporting.reports import Reports

from contracts.tasks import TrustedRootChanged, TrustedRootState


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


@pytest.fixture(scope="module")
def authority():
    return signing.root()


@pytest.fixture(scope="module")
def copy(authority) -> bytes:
    return signing.signed(signing.blank(), signing.person("Trần Văn Bình", authority))


async def keep(reports, report, content: bytes) -> dict:
    client = await reports.office.client("office")
    answer = await client.post(
        f"/v1/reports/{report['id']}/signed_copy", files={"file": ("ban-ky.pdf", content)},
        headers={"Idempotency-Key": str(uuid4())}, params={"reason": "bản sau"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return answer.json()


async def trust(reports, certified, *, version: int = 1, root_id=None):
    root = TrustedRootState(
        root_id=root_id or uuid4(), version=version, name="Gốc", sha256="ab" * 32,
        certificate=b64encode(certified.der).decode(), trusted=version == 1,
    )  # fmt: skip
    await reports.consumer.apply([envelope(TrustedRootChanged(root=root))])
    return root.root_id


async def seen(reports, report) -> dict:
    await reports.office.run_jobs()
    return (await reports.read(report["id"]))["signatures"]


async def test_a_copys_signature_is_shown_once_it_was_checked(reports, copy):
    signed = await reports.sign(await reports.make())
    assert signed["signatures"] is None
    assert (await keep(reports, signed, copy))["signatures"]["state"] == "waiting"
    found = await seen(reports, signed)

    [one] = found["signatures"]
    assert (found["state"], one["signer"], one["verdict"]) == (
        "checked", "Trần Văn Bình", "no_roots",
    )  # fmt: skip


async def test_a_root_that_tasks_tells_of_vouches_for_the_signer_until_it_goes(
    reports, copy, authority
):
    signed = await reports.sign(await reports.make())
    await keep(reports, signed, copy)
    root_id = await trust(reports, authority)
    [good] = (await seen(reports, signed))["signatures"]
    await trust(reports, authority, version=2, root_id=root_id)
    await trust(reports, authority, version=1, root_id=root_id)  # told late, of what was before
    [after] = (await seen(reports, signed))["signatures"]

    assert good["verdict"] == "good"
    assert "Gốc chứng thực" in good["root"]
    assert after["verdict"] == "no_roots"


async def test_a_copy_that_was_changed_and_one_without_signature_are_told_apart(
    reports, copy, authority
):
    await trust(reports, authority)
    signed = await reports.sign(await reports.make())
    await keep(reports, signed, copy.replace(b"842", b"841", 1))
    [broken] = (await seen(reports, signed))["signatures"]
    unsigned = await keep(reports, signed, signing.blank())

    assert broken["verdict"] == "broken"
    assert (unsigned["signatures"]["state"], unsigned["signatures"]["signatures"]) == (
        "checked", [],
    )  # fmt: skip


async def test_who_signed_after_the_certificate_ended_is_vouched_for_by_nobody(reports, authority):
    await trust(reports, authority)
    ended = signing.person("Người cũ", authority, ended=timedelta(days=2))
    signed = await reports.sign(await reports.make())
    await keep(reports, signed, signing.signed(signing.blank(), ended))

    assert [one["verdict"] for one in (await seen(reports, signed))["signatures"]] == ["untrusted"]
