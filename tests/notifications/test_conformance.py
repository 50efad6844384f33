"""The conformance kit, run as the program it is, against receivers that do it right and wrong."""

import asyncio
import sys

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from tests.notifications.receivers import Receiver, receiving

from notifications.subscribers.webhooks.signing import new_secret


class Strict(Receiver):
    """Verifies by the library of others; refuses what is not ours."""

    async def __call__(self, scope, receive, send):
        async def judged(message):
            if message["type"] == "http.response.start":
                headers, body = self.requests[-1]
                try:
                    Webhook(self.secret).verify(body, headers)
                except (WebhookVerificationError, KeyError):
                    message = {**message, "status": 401}
            await send(message)

        await super().__call__(scope, receive, judged)


async def play(receiver, *arguments, secret=None):
    """Return exit code and what the kit printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifications", "conformance", receiver.url,
        "--secret", secret or receiver.secret, *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_a_receiver_that_verifies_by_a_library_passes_whole():
    async with receiving(Strict(secret=new_secret())) as receiver:
        code, said = await play(receiver)
    assert (code, said.count("HỎNG")) == (0, 0), said
    assert said.count("ĐẠT   ") == 13
    assert receiver.secret not in said


async def test_a_receiver_that_takes_everything_fails_where_it_should_have_refused():
    async with receiving(Receiver(secret=new_secret())) as receiver:
        code, said = await play(receiver)
    assert code == 1
    for title in ("Chữ ký của khóa khác", "Không có chữ ký", "phát lại", "bị sửa"):
        [line] = [each for each in said.splitlines() if title in each]
        assert "HỎNG" in line
        assert "4xx" in line


@pytest.mark.parametrize(("status", "words"), [(410, "410"), (500, "500"), (302, "302")])
async def test_a_receiver_that_answers_wrongly_is_told_so(status, words):
    receiver = Receiver(secret=new_secret(), statuses=[status])
    async with receiving(receiver):
        code, said = await play(receiver)
    assert code == 1
    assert words in said.splitlines()[0]


async def test_a_receiver_that_is_away_and_a_secret_that_is_none_are_told_so():
    receiver = Receiver(port=9)
    code, said = await play(receiver, secret=new_secret())
    assert code == 1
    assert "không kết nối được" in said
    code, said = await play(receiver, secret="abc")
    assert code == 2
    assert "whsec_" in said
