"""Webhooks to servers that mean ill or speak badly: each attempt ends, and is told."""

import asyncio
import gzip
import re
import tracemalloc
from time import monotonic

import pytest
from tests.notifications.strangers import DAY, Authority, stranger

from notifications.subscribers.webhooks.guard import Allowed
from notifications.subscribers.webhooks.posting import Post

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
PATIENCE = 1.0
BODY = b'{"specversion":"1.0"}'


def allowed(*ports: int) -> Allowed:
    return Allowed.of(", ".join(f"127.0.0.1:{port}" for port in ports))


async def post(url: str, *, port: int, **given):
    """Return what one attempt came to."""
    sender = Post(allowed(port), patience=PATIENCE, **given)
    try:
        return await sender(url, BODY, {"webhook-id": "1"})
    finally:
        await sender.close()


async def said(says):
    """Return what comes of one attempt at a server that says this."""
    async with stranger(says) as other:
        return await post(f"http://127.0.0.1:{other.port}/in", port=other.port)


class Names:
    """A name server that gives another address each time, the last for ever."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = list(addresses), 0

    async def __call__(self, host, port):  # noqa: ARG002
        self.asked += 1
        return [self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]]


async def test_a_name_that_leads_inside_a_moment_later_is_asked_for_once_a_connection():
    """The address that was checked is the one that is connected to; later ones are checked anew."""
    async with stranger(OK) as other:
        names = Names("127.0.0.1", "10.0.0.5")
        sender = Post(allowed(other.port), resolve=names, patience=PATIENCE)
        url = f"https://evil.example:{other.port}/"
        first = await sender(url.replace("https", "http"), BODY, {})
        assert (first.status, names.asked) == (204, 1)
        second = await sender(url, BODY, {})  # a connection of its own: looked up again
        assert (names.asked, second.status) == (2, None)
        assert second.error == ("refused: the name leads to an address that webhooks may not go to")
        await sender.close()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "169.254.169.254", "fe80::1%eth0", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "::1"],
)
async def test_a_name_that_leads_inside_is_refused_before_a_byte_is_sent(address):
    async with stranger(OK) as other:
        sender = Post(Allowed(), resolve=Names(address), patience=PATIENCE)
        answer = await sender("https://evil.example/in", BODY, {})
        await sender.close()
        assert (answer.status, answer.error and answer.error.split(":")[0]) == (None, "refused")
        assert other.heads == []


@pytest.mark.parametrize("spelt", ["0177.0.0.1", "127.1", "2130706433", "0x7f.1"])
async def test_a_number_that_a_resolver_reads_as_an_address_leads_nowhere(spelt):
    sender = Post(Allowed(), patience=PATIENCE)
    answer = await sender(f"https://{spelt}/in", BODY, {})
    await sender.close()
    assert answer.status is None
    assert answer.error in {
        "refused: the name leads to an address that webhooks may not go to",
        "the name cannot be looked up",
    }


async def test_a_look_up_that_hangs_ends_with_the_patience_of_the_attempt():
    async def never(host, port):
        await asyncio.sleep(60)  # why: it hangs

    sender = Post(Allowed(), resolve=never, patience=0.2)
    assert (await sender("https://slow.example/", BODY, {})).error == "timeout"
    await sender.close()


async def _drip(reader, writer, lines):
    for byte in lines:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.2)  # why: it is slow


@pytest.mark.parametrize(
    "text",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100, b"HTTP/1.1 200 OK\r\n" * 20],
)
async def test_an_answer_byte_by_byte_ends_with_the_patience_of_the_attempt(text):
    began = monotonic()
    answer = await said(lambda reader, writer: _drip(reader, writer, text))
    assert (answer.status, answer.error) == (None, "timeout")
    assert monotonic() - began < PATIENCE + 2


async def test_a_body_without_an_end_is_read_for_64_kibibytes_and_counts_by_its_status():
    sent = 0

    async def without_end(reader, writer):
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            sent += 1
            await writer.drain()

    answer = await said(without_end)
    assert (answer.status, answer.error) == (200, None)
    assert sent < 200  # what the system's buffers hold, and no more


@pytest.mark.parametrize("line", [b"X-%d: " + b"x" * 1000 + b"\r\n", b"X-%d: 1\r\n"])
async def test_headers_without_an_end_are_not_kept(line):
    async def without_end(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(10**9):
            writer.write(line % number)
            if number % 1000 == 0:
                await writer.drain()

    tracemalloc.start()
    answer = await said(without_end)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status is None
    assert answer.error in {"RemoteProtocolError", "timeout"}
    assert most < 20 * 2**20


async def test_a_bomb_of_gzip_is_never_unpacked():
    bomb = gzip.compress(b"\0" * 50 * 2**20)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    tracemalloc.start()
    answer = await said(head + bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status == 200
    assert most < 5 * 2**20


async def test_no_encoding_is_asked_for():
    async with stranger(OK) as other:
        await post(f"http://127.0.0.1:{other.port}/in", port=other.port)
    assert b"accept-encoding" not in other.heads[0].lower()


@pytest.mark.parametrize(
    ("kind", "error"),
    [("good", None), ("other name", "certificate: Hostname mismatch"),
     ("expired", "certificate: certificate has expired"),
     ("itself", "certificate: self-signed certificate"),
     ("stranger", "certificate: ")],
)  # fmt: skip
async def test_a_certificate_counts_by_name_time_and_authority(kind, error, tmp_path):
    ours, theirs = Authority(tmp_path), Authority(tmp_path)
    shown = {
        "good": lambda: ours.server("partner.example"),
        "other name": lambda: ours.server("other.example"),
        "expired": lambda: ours.server("partner.example", lasts=-DAY),
        "itself": lambda: ours.server("partner.example", itself=True),
        "stranger": lambda: theirs.server("partner.example"),
    }[kind]()
    async with stranger(OK, shown) as other:
        answer = await post(
            f"https://partner.example:{other.port}/in", port=other.port,
            resolve=Names("127.0.0.1"), trusted=ours.trusted,
        )  # fmt: skip
        assert (answer.error or "").startswith(error or "")
        assert bool(answer.error) == bool(error)
        assert bool(other.heads) == (error is None)


async def test_what_is_no_tls_where_tls_should_be_is_told():
    async with stranger(OK) as other:
        url = f"https://partner.example:{other.port}/in"
        answer = await post(url, port=other.port, resolve=Names("127.0.0.1"))
    assert answer.status is None
    assert answer.error


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nreceived", 200),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 204),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK, 204),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 8\r\n\r\nreceived", 204),
        ("HTTP/1.1 200 Đã nhận\r\nX-Ghi-Chú: đã nhận\r\nContent-Length: 0\r\n\r\n".encode(), None),
        ("HTTP/1.1 200 OK\r\nX-Note: đã nhận\r\nContent-Length: 0\r\n\r\n".encode(), 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Again\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n", None),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n", 301),
        (b"SSH-2.0-OpenSSH_9.6\r\n", None),
        (b"\0" * 1000, None),
    ],
)  # fmt: skip
async def test_whatever_comes_back_is_an_answer_or_a_named_failure(text, status):
    async def once(reader, writer):
        writer.write(text)
        await writer.drain()
        writer.close()

    answer = await said(once)
    assert answer.status == status
    if status is None:
        assert re.fullmatch(r"[A-Za-z]+Error|timeout", answer.error)
    assert answer.taken == (status is not None and status < 300)


async def test_who_takes_the_event_and_hangs_up_has_not_taken_it():
    async def hang_up(reader, writer):
        writer.close()

    answer = await said(hang_up)
    assert (answer.status, answer.error) == (None, "RemoteProtocolError")


async def test_who_ends_an_answer_before_its_length_has_not_taken_it():
    async def half(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        writer.close()

    assert (await said(half)).status is None


async def test_after_an_odd_answer_the_next_attempt_gets_its_own():
    """What was written behind an answer must not be taken for the next one's."""
    twice = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 500 Again\r\n\r\n"
    async with stranger(twice) as other:
        sender = Post(allowed(other.port), patience=PATIENCE)
        url = f"http://127.0.0.1:{other.port}/in"
        statuses = [(await sender(url, BODY, {})).status for _ in range(3)]
        await sender.close()
    assert statuses[0] == 200
    assert set(statuses) <= {200, None}  # on the connection that is out of step, a failure
