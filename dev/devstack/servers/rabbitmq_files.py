"""The files and the environment of a private RabbitMQ node (Debian's 3.10 and anything newer)."""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from devstack.servers.memory import write_private
from devstack.servers.user import Account

# Idle schedulers must not spin (small machines); Erlang's own traffic stays on loopback.
ERLANG = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"

CONFIGURATION = """\
listeners.tcp.local = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {prometheus}
default_user = {user}
default_pass = {password}
default_user_tags.administrator = true
default_vhost = /
log.console = false
log.file.level = info
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 67108864
"""


def write_files(state: dict[str, Any], account: Account) -> None:
    """Write configuration, plugin list and (once) the Erlang cookie into the node's place.

    Args:
        state: place, user, password and ports, as remembered.
        account: who must own the files.
    """
    place = Path(state["place"])
    for name in ("home", "log", "data"):
        account.own_folder(place / name)
    login = {"user": state["user"], "password": state["password"]}
    files = {
        place / "rabbitmq.conf": CONFIGURATION.format(**state["ports"], **login),
        place / "enabled_plugins": "[rabbitmq_management,rabbitmq_prometheus].\n",
        place / "log/start.log": "",
    }
    cookie = place / "home/.erlang.cookie"
    if not cookie.exists():
        files[cookie] = secrets.token_hex(20)
    for path, text in files.items():
        write_private(path, text)
        if account.switch:
            shutil.chown(path, account.uid, account.gid)
    cookie.chmod(0o400)


def environment(state: dict[str, Any]) -> dict[str, str]:
    """Return the whole environment of the node and of its tools."""
    place, ports = Path(state["place"]), state["ports"]
    return {
        "PATH": os.environ.get("PATH", "") + ":/usr/bin:/bin:/usr/sbin:/sbin",
        "LANG": "C.UTF-8",
        "HOME": str(place / "home"),  # the cookie
        "RABBITMQ_NODENAME": state["node"],
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(ports["amqp"]),
        "RABBITMQ_DIST_PORT": str(ports["dist"]),
        "ERL_EPMD_PORT": str(ports["epmd"]),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_CRASH_DUMP": str(place / "log/erl_crash.dump"),
        "RABBITMQ_MNESIA_BASE": str(place / "data"),
        "RABBITMQ_LOG_BASE": str(place / "log"),
        "RABBITMQ_LOGS": str(place / "log/node.log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(place / "enabled_plugins"),
        "RABBITMQ_PID_FILE": str(place / "node.pid"),
        "RABBITMQ_CONF_ENV_FILE": str(place / "no-such-file"),  # else /etc/rabbitmq's is read
        "RABBITMQ_CONFIG_FILE": str(place / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(place / "no-such-file"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
    }
