"""A file's page: what is known of it, in words; what the file holds never comes as it is."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Request
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import drawn

from portal.client import Api
from portal.visit import Visit, portal_of, signed_in

ID = str(uuid4())
PLACE = {
    "kind": "result", "id": str(uuid4()), "number": "NV-2025-0007", "title": "Rà soát",
    "unit_id": None, "at": "2025-03-01T00:00:00Z",
}  # fmt: skip
SIGNATURE = {
    "verdict": "good", "signer": "Trần Văn Bình", "organisation": "Sở Nội vụ", "issuer": "Gốc",
    "said_at": "2025-03-01T00:00:00Z", "stamped_at": None, "intact": True,
    "coverage": "whole_file", "additions": "none", "root": "Gốc của tỉnh",
}  # fmt: skip
RECEIPT = {
    "id": ID, "name": "<b>a</b>.pdf", "kind": "pdf", "size": 1500, "sha256": "ab" * 32,
    "received_at": "2025-03-01T00:00:05Z", "received_from": "Lê Thị An", "places": [PLACE],
    "same": [], "drawable": True, "signatures": None,
}  # fmt: skip


def page(**changed: Any) -> str:
    return drawn("file.html", {"receipt": {**RECEIPT, **changed}, "pages": 2, "shown": 1})


def found(*verdicts: str, state: str = "checked", any_roots: bool = True) -> dict[str, Any]:
    signatures = [{**SIGNATURE, "verdict": verdict} for verdict in verdicts]
    return {"state": state, "any_roots": any_roots, "checked_at": None, "signatures": signatures}


def test_a_receipt_says_the_second_in_the_time_of_vietnam_and_the_whole_fingerprint() -> None:
    html = page()
    assert "07:00:05, 01/03/2025" in " ".join(html.split())
    assert "ab" * 32 in html
    assert "NV-2025-0007" in html
    assert "&lt;b&gt;a&lt;/b&gt;.pdf" in html
    assert "<b>a</b>" not in html


def test_a_twin_is_named_with_where_it_stands() -> None:
    twin = {"id": str(uuid4()), "name": "b.pdf", "received_at": "2025-02-01T00:00:00Z",
            "received_from": None, "places": [{**PLACE, "number": "NV-2025-0003"}]}  # fmt: skip
    assert "Nội dung này đã có ở nơi khác" not in page()
    html = page(same=[twin])
    assert "Nội dung này đã có ở nơi khác" in html
    assert "NV-2025-0003" in html


@pytest.mark.parametrize(
    ("signatures", "words"),
    [
        (found("good"), "được gốc tin cậy bảo đảm"),
        (found("untrusted"), "không gốc tin cậy nào bảo đảm"),
        (found("no_roots", any_roots=False), "chưa có gốc tin cậy"),
        (found("broken"), "Không hợp lệ"),
        (found("unclear"), "Không kết luận được"),
        (found("changed_after"), "Bị thay đổi sau khi ký"),
        (found(), "không có chữ ký số"),
        (found(state="waiting"), "Đang kiểm tra"),
        (found(state="unreadable"), "Không kiểm tra được chữ ký"),
    ],
)
def test_what_is_known_of_signatures_is_said_in_words(signatures: Any, words: str) -> None:
    html = page(signatures=signatures)
    assert words in html
    assert ("hx-get" in html) is (signatures["state"] == "waiting")


def test_a_file_that_cannot_be_drawn_says_to_download_it() -> None:
    html = drawn("file.html", {"receipt": RECEIPT, "pages": 0, "shown": 0})
    assert "<img" not in html
    assert "hãy tải về để xem" in html


async def test_whatever_comes_as_a_page_is_handed_on_as_a_picture_in_a_sandbox(
    app: FastAPI,
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, html="<script>alert(1)</script>")

    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        transport = httpx.MockTransport(answer)
        services._clients["tasks"] = httpx.AsyncClient(transport=transport, base_url="http://tasks")
        return Visit(request, Api(services, "token", "vi"), ME, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        shown = await client.get(f"/files/{ID}/pages/1")
        saved = await client.get(f"/files/{ID}")
        wrong = await client.get(f"/files/{ID}/pages/0")

    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert saved.headers["content-disposition"] == "attachment"
    assert wrong.status_code == 404
