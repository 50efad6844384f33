"""What a template may say, and what can be wrong with one, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence

Kind = Literal["text", "number", "group", "list", "chart"]
MOST_NESTED = 3  # loops within loops
MOST_SHOWN = 50  # problems of one file
EXAMPLE = "…"


@dataclass(frozen=True)
class Field:
    """What a report gives to a template. `of`: the fields of a group, or of a list's items."""

    words: str
    kind: Kind = "text"
    of: Mapping[str, "Field"] = field(default_factory=dict)


Fields = Mapping[str, Field]


def text(words: str) -> Field:
    """Return a field that is written as it is."""
    return Field(words)


def number(words: str) -> Field:
    """Return a field that can be compared with a number."""
    return Field(words, "number")


def chart(words: str) -> Field:
    """Return a field that is drawn, in a paragraph of its own."""
    return Field(words, "chart")


def group(words: str, **of: Field) -> Field:
    """Return a field that holds others: `signer.name`."""
    return Field(words, "group", of)


def listed(words: str, **of: Field) -> Field:
    """Return a field that is a list, of texts where `of` is empty."""
    return Field(words, "list", of)


def example(fields: Fields, *, full: bool = True) -> dict[str, Any]:
    """Return values of every field, to try a template with. Not `full`: zeros and empty lists."""
    return {name: _example(one, full=full) for name, one in fields.items()}


def _example(one: Field, *, full: bool) -> Any:
    inside: Any = example(one.of, full=full) if one.of else EXAMPLE
    values: dict[Kind, Any] = {
        "text": EXAMPLE, "number": int(full), "group": inside, "chart": EXAMPLE,
        "list": [inside, inside] if full else [],
    }  # fmt: skip
    return values[one.kind]


def as_json(fields: Fields) -> dict[str, Any]:
    """Return fields as the process that checks is given them, without the words."""
    return {name: {"kind": one.kind, "of": as_json(one.of)} for name, one in fields.items()}


def of_json(data: Mapping[str, Any]) -> Fields:
    """Read what `as_json` wrote."""
    return {name: Field("", one["kind"], of_json(one["of"])) for name, one in data.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. `part`: body, table, header, footer, note, endnote.

    Numbers count from 1.

    `row` and `column` are 0 outside of a table.
    """

    part: str
    number: int = 0
    row: int = 0
    column: int = 0

    @property
    def pointer(self) -> str:
        """The place as a path: `/table/2/3/1`, `/body/12`."""
        numbers = (self.number, self.row, self.column)
        return "/".join(["", self.part, *(str(each) for each in numbers if each)])


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong with a template, at a place. `tag`: what stands there."""

    code: str
    place: Place
    tag: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def near(name: str, known: Sequence[str]) -> list[str]:
    """Return the known names that look like one."""
    return get_close_matches(name, known, n=3, cutoff=0.6)


_PLACES = {
    "body": N_("Đoạn {number}"),
    "table": N_("Bảng {number}, dòng {row}, cột {column}"),
    "header": N_("Đầu trang"),
    "footer": N_("Chân trang"),
    "note": N_("Chú thích cuối trang"),
    "endnote": N_("Chú thích cuối văn bản"),
    "": N_("Trong tệp"),
}
_WORDS = {
    "field_unknown": N_("{place}: không có trường «{name}» trong «{tag}»"),
    "field_like": N_("{place}: không có trường «{name}» trong «{tag}»; có phải là {near}?"),
    "field_is_list": N_(
        "{place}: «{name}» là một danh sách, không in ra được; dùng «{{% for … in {name} %}}»"
    ),
    "field_is_group": N_("{place}: «{name}» gồm nhiều trường; ghi rõ một trường: {near}"),
    "field_needed": N_("Mẫu phải có trường «{tag}» ở một nơi nào đó, kể cả đầu trang, chân trang"),
    "field_hidden": N_(
        "Trường «{tag}» không hiện ra khi điền thử: nó nằm trong điều kiện có thể sai, là chữ ẩn, "
        "chữ trắng, hoặc ở đầu trang, chân trang không dùng; hãy đặt ở nơi lúc nào cũng đọc được"
    ),
    "field_no_list": N_(
        "{place}: «{name}» trong «{tag}» không phải là danh sách nên không lặp được"
    ),
    "tag_cut": N_(
        "{place}: thẻ «{tag}» bị ngắt, không mở và đóng trong cùng một đoạn; "
        "hãy xóa rồi gõ lại liền một mạch"
    ),
    "tag_broken_up": N_(
        "{place}: thẻ «{tag}» có chữ khác định dạng, dấu xuống dòng hoặc hình ở giữa; "
        "hãy xóa rồi gõ lại liền một mạch, cùng một định dạng"
    ),
    "tag_unfilled": N_(
        "{place}: thẻ «{tag}» không được điền ở đây; hãy chuyển vào thân văn bản hoặc chú thích "
        "cuối trang"
    ),
    "tag_unreadable": N_("{place}: không hiểu thẻ «{tag}»; xem lại dấu ngoặc và cách viết"),
    "tag_refused": N_(
        "{place}: thẻ «{tag}» không được dùng trong mẫu; chỉ dùng trường, vòng lặp "
        "«for … in …» và điều kiện «if …»"
    ),
    "filter_refused": N_("{place}: không có phép «|{name}»; dùng được: {near}"),
    "end_missing": N_("{place}: «{tag}» chưa có thẻ đóng «{needed}»"),
    "end_unopened": N_("{place}: «{tag}» đóng một khối chưa mở"),
    "end_crossed": N_("{place}: «{tag}» đóng lẫn với khối «{opened}» mở trước đó"),
    "end_elsewhere": N_(
        "{place}: «{tag}» và «{opened}» phải cùng một đoạn; lặp cả đoạn thì dùng «{{%p … %}}», "
        "lặp dòng của bảng thì dùng «{{%tr … %}}»"
    ),
    "end_outside": N_(
        "{place}: «{tag}» và «{opened}» phải cùng một bảng, hoặc cùng một ô, hoặc cùng ở ngoài bảng"
    ),
    "row_outside": N_("{place}: «{tag}» chỉ dùng được trong một dòng của bảng"),
    "words_lost": N_("{place}: «{tag}» phải đứng riêng một đoạn, hoặc riêng một dòng của bảng"),
    "chart_alone": N_(
        "{place}: «{tag}» phải đứng riêng một đoạn của thân văn bản, ngoài bảng, đầu trang, "
        "chân trang; biểu đồ không có phép nào khác"
    ),
    "nested_deep": N_("{place}: «{tag}» là vòng lặp thứ {depth} lồng nhau; nhiều nhất {most}"),
    "changes_tracked": N_(
        "{place}: còn dấu theo dõi thay đổi (Track Changes); hãy chấp nhận hoặc bỏ hết"
    ),
    "link_outside": N_(
        "{place}: mẫu dẫn đến tệp ở ngoài ({name}); hãy nhúng hẳn vào mẫu hoặc bỏ đi. "
        "Liên kết để bấm vào thì chỉ nhận địa chỉ http, https, mailto"
    ),
    "part_refused": N_(
        "{place}: mẫu có phần không được nhận ({name}), như đối tượng nhúng, ActiveX, macro, trộn "
        "thư, biểu đồ hoặc hình SVG; hãy bỏ đi, hình thì dùng PNG hoặc JPEG"
    ),
    "code_refused": N_(
        "{place}: mã trường của Word «{name}» không được nhận; chỉ nhận {near}. Bấm Alt+F9 để thấy "
        "mã trường rồi xóa đi"
    ),
    "unreadable": N_(
        "Không mở được tệp như một văn bản Word; hãy mở bằng Word và lưu lại dạng .docx"
    ),
    "too_slow": N_("Mẫu chạy quá lâu hoặc quá lớn; hãy bớt vòng lặp lồng nhau và hình ảnh"),
    "not_filled": N_("Không điền thử được mẫu: so sánh chữ với số, hoặc thẻ đặt sai chỗ"),
}  # fmt: skip
REFUSED = N_("Mẫu có {count} chỗ chưa đúng; chưa ghi gì")


def refusal(found: Sequence[Wrong]) -> InputRefused:
    """Return what says everything that is wrong, each with its place."""
    sentence = Sentence(REFUSED, {"count": len(found)})
    return InputRefused("template_invalid", sentence, [_problem(one) for one in found])


def _problem(wrong: Wrong) -> Problem:
    place = wrong.place
    numbers = {"number": place.number, "row": place.row, "column": place.column}
    said = Sentence(_PLACES[place.part], numbers)
    facts = {"place": said, "tag": wrong.tag, **wrong.facts}
    return Problem(place.pointer, Sentence(_WORDS[wrong.code], facts))
