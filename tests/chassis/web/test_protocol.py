"""Requests that never arrive: cut, each with a status that says why; slow ones are waited for."""

import asyncio
import contextlib

import pytest
import uvicorn
from tests.conftest import eventually

from chassis.web import protocol

REQUEST = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"


async def echo(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def address(monkeypatch):
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 1.0)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 1.0)
    monkeypatch.setattr(protocol, "BODY_RATE", 2)  # half a second more for each byte
    config = uvicorn.Config(
        echo, port=0, log_config=None, http=protocol.PatientProtocol, lifespan="off"
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started, within=30)
    yield server.servers[0].sockets[0].getsockname()
    server.should_exit = True
    await task


async def answer_to(address, *pieces: bytes, every: float = 0.0) -> bytes:
    """Everything that comes back until the server closes."""
    reader, writer = await asyncio.open_connection(*address)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(every)  # why: the pace of a slow client is what is tried
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return answer


@pytest.mark.parametrize(
    "pieces", [(), (b"GET /a HT",), (b"GET /a HTTP/1.1\r\nHost: a\r\n",), (REQUEST, b"abc")],
    ids=["nothing", "half a line", "half its headers", "half its body"],
)  # fmt: skip
async def test_a_request_that_does_not_arrive_is_cut(address, pieces):
    assert (await answer_to(address, *pieces)).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_comes_slowly_but_comes_is_waited_for(address):
    pieces = [REQUEST, *(b"x" for _ in range(10))]
    reader, writer = await asyncio.open_connection(*address)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.2)  # why: a body of two seconds
    answer = await asyncio.wait_for(reader.readuntil(b"xxxxxxxxxx"), 30)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_a_second_request_on_a_connection_has_its_own_time(address):
    whole = REQUEST + b"0123456789"
    reader, writer = await asyncio.open_connection(*address)
    for _ in range(2):
        writer.write(whole)
        assert b"200" in await asyncio.wait_for(reader.readuntil(b"0123456789"), 30)
        await asyncio.sleep(1.5)  # why: idle between two requests is no request that is late
    writer.write(b"POST /a")
    assert b" 408 " in await asyncio.wait_for(reader.read(), 30)
    writer.close()


async def test_headers_without_an_end_are_refused(address):
    line = b"X-A: " + b"a" * 4000 + b"\r\n"
    beyond = protocol.HEAD_LIMIT // len(line) + 1
    pieces = [b"GET /a HTTP/1.1\r\n", *([line] * beyond), b"X-B: b\r\n"]
    answer = await answer_to(address, *pieces, every=0.02)
    assert answer.startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * protocol.HEAD_LIMIT + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /a HTTP/1.1\r\nX-A: " + b"a" * protocol.HEAD_LIMIT + b"\r\n\r\n",
        b"GET /a HTTP/1.1\r\n" + b"X-A: a\r\n" * (protocol.HEAD_LIMIT // 8 + 1) + b"\r\n",
    ],
    ids=["line", "one header", "many headers"],
)
async def test_a_head_that_is_too_large_is_refused_in_one_piece_too(address, head):
    answer = await answer_to(address, head)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert answer.count(b"HTTP/1.1") == 1


async def test_a_large_head_within_the_limit_is_answered(address):
    line = b"X-A: " + b"a" * (protocol.HEAD_LIMIT - 1000) + b"\r\n"
    reader, writer = await asyncio.open_connection(*address)
    for _ in range(2):
        writer.write(REQUEST.replace(b"Host: a\r\n", b"Host: a\r\n" + line) + b"0123456789")
        assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"0123456789"), 30)
    writer.close()


async def test_blank_lines_after_an_answer_keep_no_connection_open(address):
    reader, writer = await asyncio.open_connection(*address)
    writer.write(REQUEST + b"0123456789")
    assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"0123456789"), 30)
    writer.write(b"\r\n")
    await asyncio.wait_for(reader.read(), 10)
    writer.close()


async def test_a_request_after_blank_lines_has_its_answer(address):
    reader, writer = await asyncio.open_connection(*address)
    for _ in range(2):
        writer.write(b"\r\n")
        await asyncio.sleep(0.2)  # why: the blank line comes by itself
        writer.write(REQUEST + b"0123456789")
        assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"0123456789"), 30)
    writer.close()


@pytest.mark.parametrize("before", [b"", REQUEST + b"0123456789"], ids=["first", "second"])
async def test_a_method_nobody_knows_is_not_implemented_rather_than_unreadable(address, before):
    reader, writer = await asyncio.open_connection(*address)
    if before:
        writer.write(before)
        await asyncio.wait_for(reader.readuntil(b"0123456789"), 30)
    writer.write(b"BREW /v1/counts HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), 30)).startswith(b"HTTP/1.1 501 ")
    writer.close()
    assert (await answer_to(address, b"\x16\x03\x01 no http\r\n")).startswith(b"HTTP/1.1 400 ")
