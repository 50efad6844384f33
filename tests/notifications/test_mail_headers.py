"""Every header decodes to exactly what was written, for readers that follow RFC 2047."""

import re
from base64 import b64decode
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from quopri import decodestring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.ids import new_id
from chassis.mail import address_field, parted, text_field
from chassis.rules import WrongValue
from notifications.channels.mail.message import Mail, Sheet, message_of
from notifications.ledger.views import NotificationText

SHEET = Sheet(
    "Sở Nội vụ, tỉnh “X” @ CCHC <nhip@sonoivu.tinh-khanh-hoa-mien-trung.example>", "https://n"
)
SAYING = (
    'sắp đến hạn hoặc đã quá Hạn, «nhiệm vụ» "trích dẫn" a@b =?utf-8?q?x?= (ghi chú) ; : < > \\'
    " Nguyễn Thị Thuỳ Trường_Giang 1=2 ? 🚒 👩\u200d🚒 e\u0302\u0303 ề"
)
WORDS = st.sampled_from(SAYING.split())
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join) | st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200
)
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(bool)
_WORD = re.compile(r"=\?([\w-]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)[ \t]+(?==\?[\w-]+\?[bBqQ]\?)")


def read(field: str) -> str:
    """Read a field as RFC 2047 says, by none of the standard library's e-mail parsers."""
    joined = _BETWEEN.sub("", re.sub(r"\r\n(?=[ \t])", "", field))
    return _WORD.sub(_decoded, joined)


def _decoded(word: re.Match[str]) -> str:
    charset, way, content = word.groups()
    raw = b64decode(content) if way in "bB" else decodestring(content, header=True)
    return raw.decode(charset)


def fits(name: str, field: str) -> bool:
    lines = f"{name}: {field}".split("\r\n")
    words = [word[0] for word in _WORD.finditer(field)]
    return all(len(line) <= 76 for line in lines) and all(len(word) <= 75 for word in words)


@given(TEXTS)
def test_a_text_is_read_as_it_was_written(text):
    field = text_field("Subject", text)
    assert field.isascii()
    assert fits("Subject", field)
    assert read(field) == text
    assert str(make_header(decode_header(field))) == text


@given(LINES)
def test_a_name_is_read_as_it_was_written_and_the_address_stands_outside_of_it(name):
    field = address_field("To", name, "van@snv.example")
    phrase, address = field.rsplit("\r\n ", 1)
    assert (read(phrase), address) == (name, "<van@snv.example>")
    assert fits("To", phrase)
    assert not set(phrase.replace("=?utf-8?b?", "").replace("?=", "")) & set(',;:<>()@"\\[].')


@pytest.mark.parametrize("text", ["a\r\nBcc: x@y.example", "a\nb", "a\x00b", "a\u2028b", "a\x7fb"])
def test_what_would_begin_another_line_is_refused(text):
    with pytest.raises(ValueError, match="control characters"):
        text_field("Subject", text)


@given(LINES, LINES)
def test_every_header_of_a_whole_mail_is_read_as_it_was_written(title, name):
    mail = message_of(
        Mail("<id@" + "s" * 60 + ".example>", name, "van@snv.example", NOW, title, [item(title)]),
        SHEET,
    )
    raw = mail.as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    fields = dict(line.split(": ", 1) for line in re.split(r"\r\n(?![ \t])", head))
    assert read(fields["Subject"]) == f"[Nhịp CCHC] {title}"
    assert read(fields["To"]) == f"{name} <van@snv.example>"
    assert read(fields["From"]) == SHEET.sender
    assert fields["Message-ID"] == mail["Message-ID"] == f"<id@{'s' * 60}.example>"
    assert message_from_bytes(raw).get_content_type() == "multipart/alternative"


def test_a_senders_name_may_have_commas():
    assert parted("Sở Nội vụ, tỉnh X <a@b.example>") == ("Sở Nội vụ, tỉnh X", "a@b.example")
    assert parted("a@b.example") == ("", "a@b.example")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Phòng Cải cách, tỉnh Y"', "Phòng Cải cách, tỉnh Y"),
        (r'"Tổ \"Một cửa\" \\ Y"', r'Tổ "Một cửa" \ Y'),
        ('Tổ "Một cửa"', 'Tổ "Một cửa"'),
        ('"A" và "B"', '"A" và "B"'),
        ('""', ""),
    ],
)
def test_a_senders_name_in_quotes_is_read_without_them(written, name):
    assert parted(f"{written} <a@b.example>") == (name, "a@b.example")


@pytest.mark.parametrize("sender", ["Nhịp CCHC <a,b@snv.example>", "Nhịp", "N\u200b <a@b.example>"])
def test_a_sender_no_mail_can_come_from_stops_the_start(sender):
    with pytest.raises(WrongValue):
        Sheet(sender, "https://n")


NOW = datetime(2025, 11, 28, 1, 2, 3, tzinfo=UTC)


def item(title: str) -> NotificationText:
    return NotificationText(
        id=new_id(), category="deadline", severity="info", asks=False, title=title, body="x",
        reason="accountable", reason_text="x", subject_type="assignment", subject_id=new_id(),
        created_at=NOW, read_at=None, moot=False, must_acknowledge=False, acknowledged_at=None,
    )  # fmt: skip
