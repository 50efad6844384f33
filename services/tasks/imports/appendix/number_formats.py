"""What a person sees in an Excel cell that holds a number: its format decides, not its value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from chassis.words import Sentence
from tasks.deadlines.days import day_text
from tasks.imports.appendix import marks, vocabulary
from tasks.remarks import Remark
from tasks.words import key

# Formats that a file names by number alone (ECMA-376, 18.8.30).
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "", 37: "#,##0",
    38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    49: "@",
}  # fmt: skip
BY_MACHINE = frozenset({14, 22})  # a date in the order of whichever machine shows it
_WITH_WORDS = 4  # sections: for numbers above zero, below, zero, and for words
_LAST_DAY_OF_FEBRUARY_1900 = 60  # Excel counts a day that never was
_MOST_DIGITS = 28  # what a Decimal holds to the last one; Excel keeps 15

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|[_*].|(?P<general>general)'
    r"|(?P<clock>am/pm|a/p)|(?P<part>y+|m+|d+|h+|s+|q+)|(?P<digits>[0#?.,]+)|(?P<sign>%)|(?P<rest>.)",
    re.IGNORECASE,
)
_PLAIN_WORDS = frozenset({"", "ngay", "thang", "nam"})  # "Ngày 30 tháng 6 năm 2026" says no more


@dataclass(frozen=True, slots=True)
class Shown:
    """The text, and a remark when nobody can be sure that this is what is seen."""

    text: str
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format. `kind`: literal, a date part's letter, digits, text (@), % or other."""

    kind: str
    text: str


def tokens_of(code: str) -> list[Token]:
    """Take a format's first section apart."""
    return _sections(code)[0]


def shows_date(code: str) -> bool:
    """Say whether a format shows a number as a day or an hour."""
    return any(token.kind in "ymdqhs" for token in tokens_of(code))


def shown_text(text: str, code: str | None) -> str:
    """Return what is seen of words in a cell: its format may add words, or hide them all.

    The section with "@" or the fourth one is that of words (ECMA-376, 18.8.31); without it, and
    without a code of its own, they are seen as they are.
    """
    sections = _sections(code or "")
    last = sections[-1]
    of_words = len(sections) == _WITH_WORDS or any(token.kind == "text" for token in last)
    if not of_words:
        return text
    stands = ("text", "general")
    return "".join(text if token.kind in stands else token.text for token in last)


def _sections(code: str) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code):
        if match["rest"] == ";":
            found.append([])
        else:
            found[-1] += _token(match, found[-1])
    return found


def _token(match: re.Match[str], before: Sequence[Token]) -> list[Token]:
    if match["part"]:
        letter, text = match["part"][0].lower(), match["part"].lower()
        parts = [token.kind for token in before if len(token.kind) == 1 and token.kind.isalpha()]
        minutes = letter == "m" and bool(parts) and parts[-1] in ("h", "s")
        return [Token("s" if minutes else letter, text)]
    if match["bracket"] is not None:
        elapsed = match["bracket"].lower() in ("h", "hh", "m", "mm", "s", "ss")
        return [Token("other", match[0])] if elapsed else []
    for kind in ("general", "digits", "sign"):
        if match[kind]:
            return [Token(kind, match[kind])]
    if match["rest"] == "@":
        return [Token("text", "@")]
    literal = match["quoted"] if match["quoted"] is not None else match["escaped"] or match["rest"]
    return [Token("literal", literal)] if literal else []


def show(value: str, number: int, code: str | None, *, since_1904: bool, day_first: bool) -> Shown:
    """Return what is seen of a number. Never raises.

    `number`, `code`: the format's number and its own code. `day_first`: the sheet shows elsewhere
    that dates in the machine's order begin with the day.
    """
    if number in BY_MACHINE and code is None:
        when = moment(value, since_1904=since_1904)
        return _by_machine(when, day_first=day_first) if when else Shown(value)
    code = code or BUILT_IN.get(number, "General")
    tokens = tokens_of(code)
    if shows_date(code):
        when = moment(value, since_1904=since_1904)
        return _date(when, tokens) if when else Shown(value)
    return _number(value, tokens)


def moment(value: str, *, since_1904: bool) -> datetime | None:
    """Return the instant that a serial number means, None when it means none."""
    try:
        days = float(value)
        if since_1904:
            return datetime(1904, 1, 1) + timedelta(days=days)  # noqa: DTZ001 - a cell has no zone
        late = 0 if days < _LAST_DAY_OF_FEBRUARY_1900 else -1
        return datetime(1899, 12, 31) + timedelta(days=days + late)  # noqa: DTZ001 - see above
    except (ValueError, OverflowError):
        return None


# ---------------------------------------------------------------- dates


def _by_machine(when: datetime, *, day_first: bool) -> Shown:
    day = day_text(when)
    if day_first or _same_either_way(when):
        return Shown(day)
    return _unsure(day, f"{when.month}/{when.day}/{when.year}")


def _date(when: datetime, tokens: Sequence[Token]) -> Shown:
    """Say a date as seen: words in the format are kept, else in the department's writing."""
    parts = [token for token in tokens if token.kind in "ymdqhs"]
    order = "".join(dict.fromkeys(token.kind for token in parts if token.kind in "ymdq"))
    seen = _as_seen(when, tokens)
    words = key(" ".join(token.text for token in tokens if token.kind == "literal")).split()
    if not order or any(token.kind == "other" for token in tokens):
        return Shown(seen, _format_unsure(seen))
    named = any(token.kind == "m" and len(token.text) >= len("mmm") for token in parts)
    if "d" in order and "m" in order and not named and not _same_either_way(when):
        short_year = any(token.text == "yy" for token in parts) and order[0] == "y"
        if short_year or (order.index("m") < order.index("d") and order != "ymd"):
            return _unsure(seen, day_text(when))
    if not set(words) <= _PLAIN_WORDS:
        return Shown(seen)
    return _in_our_writing(when, "".join(sorted(order)), seen)


def _in_our_writing(when: datetime, parts: str, seen: str) -> Shown:
    clock = f"{when:%H}h{when:%M} {vocabulary.DAY} " if when.hour or when.minute else ""
    quarter = ("I", "II", "III", "IV")[(when.month - 1) // 3]
    written = {
        "dmy": f"{clock}{day_text(when)}",
        "dm": f"{clock}{when.day}/{when.month}",
        "my": f"{vocabulary.MONTH} {when.month}/{when.year}",
        "m": f"{vocabulary.MONTH} {when.month}",
        "qy": f"{vocabulary.QUARTER} {quarter}/{when.year}",
        "q": f"{vocabulary.QUARTER} {quarter}",
        "y": f"{vocabulary.YEAR} {when.year}",
    }
    known = written.get(parts)
    return Shown(known) if known else Shown(seen, _format_unsure(seen))


def _as_seen(when: datetime, tokens: Sequence[Token]) -> str:
    return " ".join("".join(_piece(when, token) for token in tokens).split())


def _piece(when: datetime, token: Token) -> str:
    """Say one token; months and days by name as numbers, as Vietnamese has them."""
    if token.kind == "y":
        return f"{when:%Y}" if len(token.text) > len("yy") else f"{when:%y}"
    if token.kind == "m":
        named = len(token.text) > len("mm")
        return f"{vocabulary.MONTH} {when.month}" if named else f"{when.month:0{len(token.text)}}"
    if token.kind == "d":
        return "" if len(token.text) > len("dd") else f"{when.day:0{len(token.text)}}"
    if token.kind == "q":
        return ("I", "II", "III", "IV")[(when.month - 1) // 3]
    if token.kind == "h":
        return f"{when:%H}"
    return f"{when:%M}" if token.kind == "s" else token.text if token.kind == "literal" else ""


def _same_either_way(when: datetime) -> bool:
    return when.day > 12 or when.day == when.month  # noqa: PLR2004 - months of a year


def _unsure(seen: str, other: str) -> Shown:
    facts = {"words": seen, "other": other}
    remark = Remark("row_date_unsure", Sentence(marks.DATE_UNSURE, facts))
    return Shown(f"{seen} (?)", remark)  # no wording of a deadline: a person is asked


def _format_unsure(seen: str) -> Remark:
    return Remark("row_format_unsure", Sentence(marks.FORMAT_UNSURE, {"words": seen}))


# ---------------------------------------------------------------- other numbers


def _number(value: str, tokens: Sequence[Token]) -> Shown:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return Shown(value)
    if not number.is_finite() or number.adjusted() >= _MOST_DIGITS:
        return Shown(value, _format_unsure(value))
    try:
        return _formatted(number, tokens)
    except ArithmeticError:  # more places than a Decimal has
        return Shown(value, _format_unsure(value))


def _formatted(number: Decimal, tokens: Sequence[Token]) -> Shown:
    if _is_text(tokens):
        return Shown(_general(number))
    if not _is_plain(tokens):
        general = _general(number)
        return Shown(general, _format_unsure(general))
    if any(token.kind == "sign" for token in tokens):
        number *= 100
    return Shown("".join(_digit_piece(number, token) for token in tokens).strip())


def _is_text(tokens: Sequence[Token]) -> bool:
    return [token.kind for token in tokens] == ["text"]


def _is_plain(tokens: Sequence[Token]) -> bool:
    """Say whether a format shows the number itself, once: no fraction, power or thousandth."""
    numbers = [token for token in tokens if token.kind in ("digits", "general")]
    known = all(token.kind in ("general", "digits", "sign", "literal") for token in tokens)
    strange = any(token.kind == "literal" and token.text in ("E", "e", "/") for token in tokens)
    return known and not strange and len(numbers) == 1 and not numbers[0].text.endswith(",")


def _digit_piece(number: Decimal, token: Token) -> str:
    if token.kind == "general":
        return _general(number)
    if token.kind != "digits":
        return token.text
    whole, _, fraction = token.text.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    grouped = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    before, point, after = grouped.partition(".")
    return f"{before.replace(',', '.').zfill(whole.count('0'))}{point}{after}"


def _general(number: Decimal) -> str:
    """Write a number as Excel does without a format: 1.0 is STT 1, no tail of binary fractions."""
    if number == number.to_integral_value():
        return str(int(number))
    return f"{Decimal(f'{float(number):.10g}'):f}"
