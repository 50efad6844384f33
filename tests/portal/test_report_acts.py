"""What is done on a report's page: what is asked of the service, and what is said of it."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import ID, REPORT, SENTENCE

from chassis.clock import TIME_ZONE
from portal.client import Api
from portal.visit import Visit, portal_of, signed_in

COPY = {
    "file_id": ID, "name": "ban_da_ky.pdf", "sha256": "cd" * 32, "reason": None,
    "added_at": "2025-12-16T00:00:00Z", "added_by_name": "An",
}  # fmt: skip
SIGNED = {
    **REPORT, "state": "signed", "number": "15/BC-SNV", "signed_on": "2025-12-16",
    "signed_copies": [COPY], "allowed": ["send"],
}  # fmt: skip
TYPED = {
    "csrf_token": "t", "key": "k-1", "version": "2", "mail_recipient": "UBND tỉnh",
    "mail_to": "vanthu@ubnd.example.vn", "mail_note": "",
}  # fmt: skip
REFUSED = {
    "code": "input_invalid", "status": 422, "title": "Dữ liệu chưa đúng", "detail": "Sai địa chỉ",
    "errors": [{"pointer": "/mail_to", "message": "«mail_to»: thiếu tên miền"}],
}  # fmt: skip


class Reporting:
    """Shows a report; answers for it as it is after a sending or a change, or refuses these."""

    def __init__(self) -> None:
        self.shown: dict[str, Any] = SIGNED
        self.sent: list[tuple[str, Any, str | None]] = []
        self.answer: tuple[int, dict[str, Any]] = (201, {**SIGNED, "version": 3})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"figures": [], **self.shown})
        key = request.headers.get("Idempotency-Key")
        self.sent.append((request.url.path, json.loads(request.content), key))
        status, body = self.answer
        return httpx.Response(status, json=body)


@pytest.fixture
def reporting() -> Reporting:
    return Reporting()


@pytest.fixture
async def browser(app: FastAPI, reporting: Reporting) -> AsyncIterator[httpx.AsyncClient]:
    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        services._clients["reporting"] = httpx.AsyncClient(
            transport=httpx.MockTransport(reporting), base_url="http://reporting"
        )
        return Visit(request, Api(services, "token", "vi"), ME, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


async def post(browser: httpx.AsyncClient, **typed: str) -> httpx.Response:
    return await browser.post(f"/reports/{ID}/mail", data={**TYPED, **typed})


async def test_what_was_typed_is_asked_for_under_the_key_of_the_form(
    browser: httpx.AsyncClient, reporting: Reporting
) -> None:
    answer = await post(browser, mail_recipient=" UBND tỉnh ")

    assert (answer.status_code, answer.headers["location"]) == (
        303, f"/reports/{ID}?done=report_mailed",
    )  # fmt: skip
    [(path, body, key)] = reporting.sent
    assert (path, key) == (f"/v1/reports/{ID}/send", "k-1")
    assert body == {
        "recipient": "UBND tỉnh", "mail_to": "vanthu@ubnd.example.vn", "channel": "mail",
        "sent_on": datetime.now(TIME_ZONE).date().isoformat(), "note": None,
    }  # fmt: skip


async def test_what_was_mailed_already_says_so(
    browser: httpx.AsyncClient, reporting: Reporting
) -> None:
    reporting.answer = 201, SIGNED
    answer = await post(browser)
    page = await browser.get(answer.headers["location"])

    assert answer.headers["location"].endswith("?done=report_mailed_before")
    assert "Đã gửi thư này rồi" in page.text


async def test_a_refused_address_is_named_at_its_field_and_nothing_typed_is_lost(
    browser: httpx.AsyncClient, reporting: Reporting
) -> None:
    reporting.answer = 422, REFUSED
    page = await post(browser, mail_to="vanthu@ubnd", mail_note="Lần đầu")

    assert page.status_code == 422
    form = page.text.partition(f'action="/reports/{ID}/mail"')
    assert '<details class="act" open' in form[0][form[0].rindex("<details") :]
    mail = form[2].partition("</form>")[0]
    assert 'id="mail_to-error"' in mail
    assert "hiếu tên miền" in mail
    assert "mail_to»" not in mail, "the name that only programmers know"
    for typed in ("UBND tỉnh", "vanthu@ubnd", "Lần đầu"):
        assert f'value="{typed}"' in mail
    other = form[2].partition(f'action="/reports/{ID}/send"')[2].partition("</form>")[0]
    assert "UBND tỉnh" not in other, "the form beside it was not sent"


STALE = 412, {"code": "version_stale", "status": 412, "detail": "Dữ liệu đã thay đổi"}
WRITTEN = {
    "csrf_token": "t", "version": "1", "at": "progress.all", "was:progress.all": "Câu cũ.",
    "text:progress.all": "Câu mới.\r\nHai dòng.", "add:progress": "Câu thêm.",
}  # fmt: skip


def saying(*sentences: dict[str, Any]) -> dict[str, Any]:
    section = {**REPORT["sections"][0], "sentences": list(sentences)}  # type: ignore[index]
    return {**REPORT, "sections": [section], "allowed": ["change"]}


def sentence(id_: str, text: str, drafted: str) -> dict[str, Any]:
    return {**SENTENCE, "id": id_, "text": text, "drafted": drafted, "changed": True}


async def test_what_was_saved_already_and_is_sent_again_is_no_conflict(
    browser: httpx.AsyncClient, reporting: Reporting
) -> None:
    reporting.answer = STALE
    reporting.shown = saying(
        sentence("progress.all", "Câu mới.\nHai dòng.", "Câu cũ."),
        sentence("progress.added_1", "Câu thêm.", ""),
    )
    answer = await browser.post(f"/reports/{ID}/sentences", data=WRITTEN)

    assert (answer.status_code, answer.headers["location"]) == (
        303, f"/reports/{ID}?at=progress.all#s-progress.all",
    )  # fmt: skip


@pytest.mark.parametrize(
    "others",
    [
        [sentence("progress.all", "Người khác sửa.", "Câu cũ."),
         sentence("progress.added_1", "Câu thêm.", "")],
        [sentence("progress.all", "Câu mới.\nHai dòng.", "Câu cũ.")],
    ],
    ids=["worded otherwise", "not added"],
)  # fmt: skip
async def test_what_others_changed_meanwhile_stays_a_conflict(
    browser: httpx.AsyncClient, reporting: Reporting, others: list[dict[str, Any]]
) -> None:
    reporting.answer, reporting.shown = STALE, saying(*others)
    page = await browser.post(f"/reports/{ID}/sentences", data=WRITTEN)

    assert page.status_code == 412
    assert "Dữ liệu đã thay đổi" in page.text
    assert "Câu thêm.</textarea>" in page.text
