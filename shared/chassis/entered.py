"""What people enter into a field of one line: names that can be read, addresses mail can reach.

And where something can be read: an address on the web, or a place in words.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from chassis.rules import WrongValue
from chassis.words import N_, Sentence

_AROUND = 60  # characters that are shown on both sides of one that nobody sees
LONGEST, LONGEST_LOCAL = 254, 64  # RFC 5321, 4.5.3.1; 254: what fits between < and >

INVISIBLE = N_(
    "«{value}» có ký tự không nhìn thấy ({code}) ở vị trí {position}: hãy xóa và gõ lại bằng tay"
)
_BLANK = N_("Giá trị chỉ có khoảng trắng: hãy ghi ít nhất một chữ")
_RIGHT = N_("địa chỉ đúng có dạng hoten@sonoivu.gov.vn")
_TOO_LONG = N_("«{value}» quá dài: {right}, tối đa 254 ký tự và 64 ký tự trước @")
_NOT_ASCII = N_(
    "«{value}» có «{character}»: hãy viết không dấu; tên miền có dấu viết ở dạng xn--; {right}"
)
_ONE_AT = N_("«{value}» phải có đúng một dấu @: {right}")
_DOTS = N_("«{value}» có dấu chấm ở đầu, ở cuối hoặc hai dấu chấm liền nhau: {right}")
_CHARACTER = N_("«{value}» có «{character}» là ký tự không dùng được trong địa chỉ: {right}")
_NO_DOMAIN = N_("«{value}» thiếu phần tên miền sau dấu chấm, như .gov.vn: {right}")
_DOMAIN = N_("«{value}» có tên miền «{domain}» không đúng: {right}")

_SCHEME = N_(
    "«{value}» không phải là địa chỉ mở được: hãy ghi địa chỉ bắt đầu bằng https:// hoặc http://, "
    "hoặc ghi nơi lưu bằng lời, không có dấu hai chấm sau từ đầu tiên"
)

# Controls, formats (zero-width, bidi), surrogates, private use, line and paragraph separators.
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_OTHER_SCHEME = re.compile(r"(?!https?://)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_NOT_IN_LOCAL = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_NOT_IN_DOMAIN = re.compile(r"[^A-Za-z0-9.-]")
_DOMAIN_FORM = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
                          r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})")  # fmt: skip


def readable(value: str) -> str:
    """Return the line itself. Raises WrongValue for what nobody sees, or nothing but blanks."""
    _check_seen(value)
    if value and not value.strip():
        raise WrongValue(Sentence(_BLANK))
    return value


def _check_seen(value: str) -> None:
    for position, character in enumerate(value, 1):
        if unicodedata.category(character) in _UNREADABLE:
            around = value[max(0, position - _AROUND) : position + _AROUND]
            facts = {"value": _visible(around), "code": f"U+{ord(character):04X}"}
            raise WrongValue(Sentence(INVISIBLE, {**facts, "position": position}))


def readable_text(value: str) -> str:
    """Return a text of several lines itself. Raises WrongValue for what nobody sees in it.

    Ends of lines are made one kind; a tab is as good as a blank.
    """
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    _check_seen(text.replace("\n", " ").replace("\t", " "))
    return text


def place_to_read(value: str) -> str:
    """Return an address on the web, or a place in words, itself. Raises WrongValue for another.

    Whoever shows it may make a link of it: `javascript:` and its like would run there.
    """
    if _OTHER_SCHEME.match(readable(value).strip()):
        raise WrongValue(Sentence(_SCHEME, {"value": value}))
    return value


def mail_address(value: str) -> str:
    """Return the address itself. Raises WrongValue, naming what is wrong and what would be right.

    Dot-atoms in plain ASCII and a domain with a dot: what every mail server on the way takes.
    Source: RFC 5321, 4.1.2, without quoted local parts and literal domains; composed.
    """
    readable(value)
    found = _problem(value)
    if found is not None:
        template, facts = found
        raise WrongValue(Sentence(template, {"value": value, "right": Sentence(_RIGHT), **facts}))
    return value


def _problem(value: str) -> tuple[str, dict[str, str]] | None:
    local, at, domain = value.rpartition("@")
    foreign = re.search(r"[^\x00-\x7f]", value)
    wrong = _NOT_IN_LOCAL.search(local.replace("@", "")) or _NOT_IN_DOMAIN.search(domain)
    dots = any(part[:1] == "." or part[-1:] == "." or ".." in part for part in (local, domain))
    checks = (
        (foreign, _NOT_ASCII),
        (not (at and local and domain) or "@" in local, _ONE_AT),
        (len(value) > LONGEST or len(local) > LONGEST_LOCAL, _TOO_LONG),
        (wrong, _CHARACTER),
        (dots, _DOTS),
        ("." not in domain, _NO_DOMAIN),
        (not _DOMAIN_FORM.fullmatch(domain), _DOMAIN),
    )
    template = next((template for found, template in checks if found), None)
    character = foreign or wrong
    facts = {"character": character[0] if character else "", "domain": domain}
    return (template, facts) if template else None


def _visible(value: str) -> str:
    return "".join("□" if unicodedata.category(c) in _UNREADABLE else c for c in value)


ReadableLine = Annotated[str, AfterValidator(readable)]
PlaceToRead = Annotated[str, StringConstraints(max_length=500), AfterValidator(place_to_read)]
ReadableText = Annotated[str, AfterValidator(readable_text)]
MailAddress = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(mail_address)]
