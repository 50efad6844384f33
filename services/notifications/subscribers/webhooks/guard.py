"""Where webhooks may go: nowhere inside. Pure, but for the resolver it is handed.

A receiver's address is given by somebody else, and our network is not theirs: https on port 443 of
a public address, unless the installation's own list says otherwise.
"""

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

from chassis.rules import InputRefused, Problem, WrongValue
from chassis.words import N_, Sentence

Address = IPv4Address | IPv6Address
HTTPS = 443
LONGEST = 2000
_COMPATIBLE = ip_network("::/96")  # IPv4 addresses in a spelling of before 2006
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))

_NO_ADDRESS = Sentence(
    N_("Địa chỉ nhận phải là một URL đầy đủ dạng https://<tên máy>/<đường dẫn>, không kèm tên "
       "đăng nhập, mật khẩu hay phần sau dấu #")
)  # fmt: skip
_NOT_HTTPS = Sentence(N_("Địa chỉ nhận phải dùng https ở cổng 443"))
_NOT_PUBLIC = Sentence(
    N_("Địa chỉ nhận phải là địa chỉ công khai trên Internet; địa chỉ nội bộ chỉ dùng được khi "
       "người quản trị hệ thống cho phép")
)  # fmt: skip


class Refused(Exception):
    """A connection that is not made: the name leads where webhooks may not go."""


@dataclass(frozen=True)
class Entry:
    """One line of the installation's list: a host or a network, and the port (None: 443)."""

    host: str
    network: IPv4Network | IPv6Network | None
    port: int

    def fits(self, host: str, address: Address | None, port: int) -> bool:
        """Tell whether it allows a port of a host, or of an address the host has."""
        if port != self.port:
            return False
        if self.network is None:
            return host == self.host
        return address is not None and address in self.network


@dataclass(frozen=True)
class Allowed:
    """The installation's list of what is allowed although it is not public, or not https."""

    entries: Sequence[Entry] = ()

    @classmethod
    def of(cls, text: str) -> "Allowed":
        """Read `127.0.0.1:9000, 10.1.0.0/16, listener.lan:8443, [::1]:80`. Raises ValueError."""
        return cls([_entry(each.strip()) for each in text.split(",") if each.strip()])

    def check(self, url: str) -> None:
        """Raise InputRefused unless webhooks may be sent there, as far as the text tells."""
        try:
            check_url(url, self)
        except WrongValue as error:
            problem = Problem("/url", error.sentence)
            raise InputRefused("url_refused", error.sentence, [problem]) from error

    def names(self, host: str, port: int) -> bool:
        """Tell whether a host is allowed on a port, whatever its addresses."""
        return any(each.fits(host, _literal(host), port) for each in self.entries)

    def has(self, host: str, address: Address, port: int) -> bool:
        """Tell whether the host, or this address of it, is allowed on a port."""
        return any(each.fits(host, address, port) for each in self.entries)


def check_url(url: str, allowed: Allowed) -> None:
    """Raise WrongValue unless webhooks may be sent there, as far as the text tells."""
    parts = _parts(url)
    host, port = _host_port(parts)
    literal = _literal(host)
    listed = allowed.names(host, port)
    if parts.scheme == "https" and literal is None:
        listed = listed or port == HTTPS or _some_network(allowed, port)
    if not listed and (parts.scheme != "https" or port != HTTPS):
        raise WrongValue(_NOT_HTTPS)
    if literal is not None and not may_connect(host, literal, port, allowed):
        raise WrongValue(_NOT_PUBLIC)
    if _is_this_machine(host) and not (allowed.names(host, port) or _some_network(allowed, port)):
        raise WrongValue(_NOT_PUBLIC)


def chosen(host: str, port: int, addresses: Iterable[str], allowed: Allowed) -> str:
    """Return the address to connect to: the first, when all may be. Raises Refused.

    All of them: a name that also leads inside is not a receiver's.
    """
    read = [ip_address(each.partition("%")[0]) for each in addresses]
    if not read:
        raise Refused("the name has no address")
    if not all(may_connect(host, each, port, allowed) for each in read):
        raise Refused("the name leads to an address that webhooks may not go to")
    return str(read[0])


def may_connect(host: str, address: Address, port: int, allowed: Allowed) -> bool:
    """Tell whether webhooks may connect to this address of a host."""
    return allowed.has(host, address, port) or (port == HTTPS and is_public(address))


def is_public(address: Address) -> bool:
    """Tell whether an address is of the Internet, and not one of ours in another spelling."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address.ipv4_mapped is not None or address in _COMPATIBLE:
        return False
    if any(address in network for network in _NAT64):
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF)) and address in _NAT64[0]
    if address.sixtofour is not None or address.teredo is not None:
        return False
    return address.is_global and not address.is_multicast and not address.is_site_local


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise WrongValue(_NO_ADDRESS) from None
    strange = any(character <= " " or character in '\\\x7f"<>' for character in url)
    secret = parts.username is not None or parts.password is not None or "#" in url
    if strange or secret or port == 0 or len(url) > LONGEST:
        raise WrongValue(_NO_ADDRESS)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii():
        raise WrongValue(_NO_ADDRESS)
    return parts


def _host_port(parts: SplitResult) -> tuple[str, int]:
    return str(parts.hostname).rstrip("."), parts.port or (HTTPS if parts.scheme == "https" else 80)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return _as_resolvers_read(host)


def _as_resolvers_read(host: str) -> Address | None:
    """Return the IPv4 address that `127.1`, `2130706433` or `0x7f.1` is to a resolver."""
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _some_network(allowed: Allowed, port: int) -> bool:
    """Tell whether a name may lead into a listed network on this port: its addresses decide."""
    return any(each.network is not None and each.port == port for each in allowed.entries)


def _entry(text: str) -> Entry:
    host, port = text, str(HTTPS)
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":") or port
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    if not host or not port.isdigit():
        raise ValueError(f"WEBHOOK_ALLOWED: {text!r} is no host or network with :port")
    try:
        return Entry(host.lower(), ip_network(host), int(port))
    except ValueError:
        if "/" in host:
            raise
        return Entry(host.lower(), None, int(port))
