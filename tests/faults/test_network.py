"""Rows 21 and 22: the network between a service and its servers cut, half-open, slow, resetting."""

import asyncio
import re
import shutil
import subprocess

import pytest
from tests.faults.tcp_proxy import TcpProxy
from tests.faults.test_broker import accepted

from devstack.servers.ports import answers

pytestmark = [pytest.mark.timeout(600), pytest.mark.faults]
BEHIND = ("tasks relay", "reporting worker", "probe worker", "tasks api", "surveys relay")
SPACE, OUTSIDE, INSIDE = "nhip-faults", "10.211.7.1", "10.211.7.2"


def moved(variables: dict[str, str], host: str, amqp: int, postgres: int) -> dict[str, str]:
    """Return the addresses of broker and database as seen through the proxies."""

    def through(url: str) -> str:
        port = amqp if url.startswith("amqp") else postgres
        return re.sub(r"@127\.0\.0\.1:\d+", f"@{host}:{port}", url)

    names = [n for n in variables if n.endswith(("_RABBITMQ_URL", "_DATABASE_URL"))]
    return {name: through(variables[name]) for name in names}


@pytest.fixture
async def proxies(rig):
    """Put processes behind two proxies, one to the broker, one to the database."""
    amqp = await TcpProxy(int(rig.rabbitmq.url().split(":")[-1].split("/")[0])).start()
    postgres = await TcpProxy(rig.postgres.port).start()
    given = moved(rig.all_variables, "127.0.0.1", amqp.port, postgres.port)
    for name in BEHIND:
        rig[name].given = given
        await rig[name].restart()
    await rig.until_ready()
    yield amqp, postgres
    for name in BEHIND:
        rig[name].given = {}
        await rig[name].restart()
    await amqp.stop()
    await postgres.stop()


async def test_a_network_half_a_second_slow_only_takes_longer(rig, row, proxies):
    amqp, postgres = proxies
    async with row("22 slow", "0.5 s each way to the broker, 0.05 s to the database"):
        amqp.delay, postgres.delay = 0.5, 0.05
        await asyncio.sleep(10)
        amqp.delay = postgres.delay = 0.0


async def test_connections_reset_in_the_middle_of_a_frame_are_opened_again(rig, row, proxies):
    amqp, postgres = proxies
    async with row("22 resets", "connections reset mid-frame every 2 s, 5 times") as f:
        for _ in range(5):
            amqp.cut_in_a_frame()
            postgres.reset_all()
            await asyncio.sleep(2)
        f.over()


async def test_a_half_open_broker_connection_is_given_up_by_our_own_timeouts(rig, row, proxies):
    amqp, _ = proxies
    async with row("21 broker", "half-open to the broker for 30 s", pause=0.5) as fault:
        amqp.deaf = True
        await accepted(rig, fault, 20)
        await asyncio.sleep(30)
        amqp.deaf = False
        amqp.reset_all()
        fault.over()


async def test_a_database_out_of_reach_is_waited_for(rig, row, proxies):
    _, postgres = proxies
    async with row("21 database", "no way to the database for 15 s", pause=1) as fault:
        await postgres.refuse()
        await asyncio.sleep(15)
        await postgres.start()
        fault.over()


@pytest.mark.parametrize("how", ["cable", "half-open"])
async def test_a_machine_cut_off_from_both_servers_comes_back(rig, row, how):
    """Relay and workers in a network of their own: no way at all, or none for their answers."""
    assert shutil.which("ip"), "this row needs network namespaces (ip netns)"
    inside = ("tasks relay", "reporting worker", "probe worker")
    _namespace()
    amqp_port = int(rig.rabbitmq.url().split(":")[-1].split("/")[0])
    amqp = await TcpProxy(amqp_port, host=OUTSIDE).start()
    postgres = await TcpProxy(rig.postgres.port, host=OUTSIDE).start()
    given = moved(rig.all_variables, OUTSIDE, amqp.port, postgres.port)
    try:
        for name in inside:
            rig[name].given, rig[name].prefix = given, ["ip", "netns", "exec", SPACE]
            await rig[name].restart()
        await rig.until_ready()
        async with row(f"21 {how}", f"relay and consumers cut off ({how}), 25 s") as fault:
            _cut(how)
            await asyncio.sleep(25)
            _mend(how)
            fault.over()
    finally:
        for name in inside:
            rig[name].given, rig[name].prefix = {}, []
            await rig[name].restart()
        await amqp.stop()
        await postgres.stop()
        subprocess.run(["ip", "netns", "del", SPACE], check=False)
    assert answers(amqp_port)


def _cut(how: str) -> None:
    if how == "cable":
        _ip("link", "set", "nhip-f0", "down")
    else:  # what they send arrives, nothing comes back
        _drop("-A")


def _mend(how: str) -> None:
    if how == "cable":
        _ip("link", "set", "nhip-f0", "up")
    else:
        _drop("-D")


def _drop(change: str) -> None:
    rule = ["INPUT", "-i", "nhip-f1", "-j", "DROP"]
    _ip("netns", "exec", SPACE, "/usr/sbin/iptables", change, *rule)


def _namespace() -> None:
    subprocess.run(["ip", "netns", "del", SPACE], check=False, capture_output=True)
    subprocess.run(["ip", "link", "del", "nhip-f0"], check=False, capture_output=True)
    _ip("netns", "add", SPACE)
    _ip("link", "add", "nhip-f0", "type", "veth", "peer", "name", "nhip-f1")
    _ip("link", "set", "nhip-f1", "netns", SPACE)
    _ip("addr", "add", f"{OUTSIDE}/24", "dev", "nhip-f0")
    _ip("link", "set", "nhip-f0", "up")
    for command in (
        ("addr", "add", f"{INSIDE}/24", "dev", "nhip-f1"),
        ("link", "set", "nhip-f1", "up"),
        ("link", "set", "lo", "up"),
    ):
        _ip("-n", SPACE, *command)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr}"
