"""The development mailbox: keeps what it is sent, through a restart, and shows it safely."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from devstack.servers.ports import free_port

Waiting = Callable[..., Awaitable[object]]


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    page, smtp = free_port(), free_port()
    own = {"MAILBOX_PORT": page, "MAILBOX_SMTP_PORT": smtp, "MAILBOX_FILE": tmp_path / "m.sqlite"}
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


@asynccontextmanager
async def running(
    variables: dict[str, str], eventually: Waiting
) -> AsyncIterator[httpx.AsyncClient]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "devstack.mailbox", env=variables
    )
    address = f"http://127.0.0.1:{variables['MAILBOX_PORT']}"
    try:
        async with httpx.AsyncClient(base_url=address) as client:
            await eventually(lambda: answers(client), within=20)
            yield client
    finally:
        process.terminate()
        await process.wait()


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).is_success
    except httpx.HTTPError:
        return False


async def send(variables: dict[str, str], to: str, subject: str, html: str = "") -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "nhip@so.invalid", to, subject
    letter.set_content("Kính gửi đơn vị, nhiệm vụ NV-2025-0012 đã quá hạn.")
    if html:
        letter.add_alternative(html, subtype="html")
    port = int(variables["MAILBOX_SMTP_PORT"])
    await aiosmtplib.send(letter, hostname="127.0.0.1", port=port, start_tls=False)


async def test_a_message_is_found_by_its_recipient_and_survives_a_restart(
    variables: dict[str, str], eventually: Waiting
) -> None:
    async with running(variables, eventually) as client:
        await send(variables, "Office@demo.invalid", "Đôn đốc nhiệm vụ")
        await send(variables, "director@demo.invalid", "Khác")
        found = (await client.get("/messages.json", params={"to": "office@"})).json()["data"]
        assert [letter["subject"] for letter in found] == ["Đôn đốc nhiệm vụ"]
        assert "NV-2025-0012" in found[0]["text"]
    async with running(variables, eventually) as client:
        assert len((await client.get("/messages.json")).json()["data"]) == 2
        newer = await client.get("/messages.json", params={"after": found[0]["id"]})
        assert [letter["subject"] for letter in newer.json()["data"]] == ["Khác"]


async def test_a_wildcard_in_the_search_is_a_letter_and_nothing_found_is_said(
    variables: dict[str, str], eventually: Waiting
) -> None:
    async with running(variables, eventually) as client:
        await send(variables, "office@demo.invalid", "Một")
        assert (await client.get("/messages.json", params={"to": "%"})).json()["data"] == []
        assert "Không có thư nào" in (await client.get("/", params={"to": "_x_"})).text


async def test_a_messages_html_is_shown_without_script_and_without_our_origin(
    variables: dict[str, str], eventually: Waiting
) -> None:
    async with running(variables, eventually) as client:
        await send(variables, "a@demo.invalid", "<b>đậm</b>", html="<script>alert(1)</script><p>x")
        number = (await client.get("/messages.json")).json()["data"][0]["id"]
        shown = await client.get(f"/messages/{number}")
        assert "&lt;b&gt;đậm" in shown.text
        assert "<script" not in shown.text
        alone = await client.get(f"/messages/{number}/html")
        policy = alone.headers["content-security-policy"]
        assert policy.startswith("sandbox")
        assert "allow-scripts" not in policy
        assert (await client.get("/messages/999")).status_code == 404
