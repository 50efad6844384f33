"""Templates made in Word are filled in; every mistake in one is named with its place."""

import asyncio
from io import BytesIO

import pytest
from docx import Document
from tests.reporting.word import (
    damaged,
    header,
    locked,
    looked_at,
    paragraphs,
    property_of,
    runs,
    table,
    with_endnote,
    with_line_break,
    with_xml,
)

from chassis.errors import TooLarge
from chassis.i18n import say
from chassis.rules import InputRefused
from reporting.report_templates.domain import group, listed, number, text
from reporting.report_templates.uploads import LARGEST, check, fill

FIELDS = {
    "title": text("Trích yếu"),
    "overdue": number("Số quá hạn"),
    "signer": group("Người ký", name=text("Họ tên")),
    "units": listed("Đơn vị", name=text("Tên"), done=number("Xong"), tasks=listed("Nhiệm vụ")),
}
VALUES = {
    "title": "Báo cáo <A> & {{ overdue }}",
    "overdue": 1234,
    "signer": {"name": "Nguyễn Văn A"},
    "units": [
        {"name": "Phòng Một", "done": 3, "tasks": ["a", "b"]},
        {"name": "Phòng Hai", "done": 0, "tasks": []},
    ],
}


TRACKED = '<w:ins w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"><w:r>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))

WRONG = {
    "a field that is not there": (paragraphs("x", "{{ titel }}"), "/body/2", "có phải là title"),
    "nothing like it": (paragraphs("{{ zzzz }}"), "/body/1", "không có trường «zzzz»"),
    "a field of a group": (paragraphs("{{ signer.nam }}"), "/body/1", "có phải là name"),
    "in a cell": (table(("a", "b"), ("c", "{{ titel }}")), "/table/1/2/2", "Bảng 1, dòng 2, cột 2"),
    "in the header": (header("{{ titel }}"), "/header", "Đầu trang"),
    "a list": (paragraphs("{{ units }}"), "/body/1", "là một danh sách"),
    "a group": (paragraphs("{{ signer }}"), "/body/1", "signer.name"),
    "a loop over no list": (
        paragraphs("{% for a in title %}{{ a }}{% endfor %}"), "/body/1", "không phải là danh sách",
    ),
    "a loop's variable outside": (
        paragraphs("{% for u in units %}{{ u.name }}{% endfor %}{{ u.name }}"), "/body/1", "«u»",
    ),
    "an open tag": (paragraphs("{{ title", "}}"), "/body/1", "bị ngắt"),
    "an end alone": (paragraphs("a }} b"), "/body/1", "bị ngắt"),
    "two looks": (runs(("{{ ti", False), ("tle }}", True)), "/body/1", "khác định dạng"),
    "a line break": (with_line_break(), "/body/1", "xuống dòng"),
    "no end of a loop": (
        paragraphs("x", "{%p for u in units %}", "{{ u.name }}"), "/body/2", "{%p endfor %}",
    ),
    "no end of a condition": (paragraphs("{% if overdue > 1 %}a"), "/body/1", "{% endif %}"),
    "no end in a table": (
        table(("{%tr for u in units %}",), ("{{ u.name }}",)), "/table/1/1/1", "{%tr endfor %}",
    ),
    "no beginning": (paragraphs("{%p endfor %}"), "/body/1", "chưa mở"),
    "crossed": (
        paragraphs("{% for u in units %}{% if u.done %}a{% endfor %}{% endif %}"),
        "/body/1", "đóng lẫn",
    ),
    "over paragraphs": (
        paragraphs("{% for u in units %}", "{{ u.name }}", "{% endfor %}"), "/body/3", "{%p … %}",
    ),
    "a row outside": (paragraphs("{%tr for u in units %}", "{%tr endfor %}"), "/body/1", "dòng"),
    "words beside": (
        paragraphs("Các đơn vị: {%p for u in units %}", "{%p endfor %}"), "/body/1", "đứng riêng",
    ),
    "half a tag": (paragraphs("{{ title + }}"), "/body/1", "không hiểu"),
    "four loops": (
        paragraphs("".join(f"{{% for a{n} in units %}}" for n in range(4)) + "{% endfor %}" * 4),
        "/body/1", "lồng nhau",
    ),
    "text compared with a number": (paragraphs("{% if title > 3 %}a{% endif %}"), "", "so sánh"),
    # what tries to get out
    "a class": (paragraphs("{{ title.__class__ }}"), "/body/1", "không có trường"),
    "a class of a text": (paragraphs("{{ ''.__class__.__mro__ }}"), "/body/1", "không"),
    "by a filter": (paragraphs("{{ title|attr('__class__') }}"), "/body/1", "|attr"),
    "by an index": (paragraphs("{{ title['__class__'] }}"), "/body/1", "không được dùng"),
    "a call": (paragraphs("{{ title.upper() }}"), "/body/1", "không được dùng"),
    "a global": (paragraphs("{{ lipsum.__globals__ }}"), "/body/1", "không có trường"),
    "numbers without end": (
        paragraphs("{% for a in range(999999999) %}a{% endfor %}"), "/body/1", "không",
    ),
    "a power": (paragraphs("{{ 9 ** 9 ** 9 ** 9 }}"), "/body/1", "không được dùng"),
    "a text without end": (paragraphs("{{ 'a' * 9999999999 }}"), "/body/1", "không được dùng"),
    "an include": (paragraphs("{% include '/etc/passwd' %}"), "/body/1", "không được dùng"),
    "a macro": (paragraphs("{% macro a() %}{{ a() }}{% endmacro %}"), "/body/1", "không được dùng"),
    "a variable": (paragraphs("{% set a = 1 %}"), "/body/1", "không được dùng"),
    "markup": (paragraphs("{{ title|safe }}"), "/body/1", "|safe"),
    "raw runs": (paragraphs("{{r title }}"), "/body/1", "không được dùng"),
    "a recursive loop": (
        paragraphs("{% for u in units recursive %}{% endfor %}"), "/body/1", "không được dùng",
    ),
    "in a property": (property_of("{{ ''.__class__ }}"), "", "Không điền thử được"),
    "in an attribute": (
        with_xml("<w:p>", "<w:p w:rsidR=\"{{ ''.__class__ }}\">"), "", "Không điền thử được",
    ),
    # what comes with a file
    "tracked changes": (
        with_xml("<w:r>", TRACKED, with_xml("</w:r>", "</w:r></w:ins>")), "/body/1", "Track",
    ),
    "no document": (b"PK\x03\x04 nothing", "", "Không mở được"),
    "not even a package": (b"hello", "", "Không mở được"),
    "a damaged package": (damaged(), "", "Không mở được"),
    "a locked package": (locked(), "", "Không mở được"),
    "a table that Word would mend": (
        with_xml("<w:tblGrid>", "<w:nothing>", with_xml(
            "</w:tblGrid>", "</w:nothing>", table(("{{ title }}",)))), "", "Không mở được",
    ),
    "in an endnote": (with_endnote("{{ title }}"), "/endnote", "không được điền ở đây"),
    "broken": (with_xml("</w:body>", ""), "", "Không mở được"),
    "entities": (
        with_xml("<w:document", f"<!DOCTYPE w:document [{LAUGHS}]><w:document",
                 with_xml("chữ", "&l9;")),
        "", "Không mở được",
    ),
}  # fmt: skip
ENDLESS = ("entities", "numbers without end", "a power", "a text without end")
"""Taken in a process of its own: whoever did not refuse them would not come back."""


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_template_is_said_with_its_place(name):
    content, pointer, words = WRONG[name]
    with pytest.raises(InputRefused) as refused:
        asyncio.run(check(content, FIELDS)) if name in ENDLESS else looked_at(content, FIELDS)
    said = {each.pointer: say(each.sentence) for each in refused.value.problems}
    assert refused.value.code == "template_invalid"
    assert pointer in {place.rstrip("/") for place in said}, said
    assert any(words in each for each in said.values()), said
    assert all(say(each.sentence, "en") for each in refused.value.problems)


def test_several_mistakes_are_said_at_once():
    with pytest.raises(InputRefused) as refused:
        asyncio.run(check(paragraphs("{{ a }}", "{{ title }}", "{{ b }}"), FIELDS))
    assert [each.pointer for each in refused.value.problems] == ["/body/1", "/body/3"]


def test_a_template_that_is_too_large_is_not_opened():
    with pytest.raises(TooLarge):
        asyncio.run(check(b"P" * (LARGEST + 1), FIELDS))


def filled(content: bytes):
    looked_at(content, FIELDS)
    return Document(BytesIO(asyncio.run(fill(content, VALUES))))


def test_values_are_written_as_they_are_and_are_no_tags_themselves():
    made = filled(paragraphs("{{ title }}", "Quá hạn: {{ overdue }}; {{ signer.name|upper }}"))
    assert [each.text for each in made.paragraphs] == [
        "Báo cáo <A> & {{ overdue }}", "Quá hạn: 1.234; NGUYỄN VĂN A",
    ]  # fmt: skip


def test_paragraphs_and_rows_are_repeated():
    made = filled(paragraphs(
        "{%p for u in units %}", "{{ loop.index }}. {{ u.name }}: {{ u.tasks|join(', ') }}",
        "{%p if u.done == 0 %}", "chưa xong", "{%p endif %}", "{%p endfor %}",
    ))  # fmt: skip
    assert [each.text for each in made.paragraphs] == [
        "1. Phòng Một: a, b", "2. Phòng Hai: ", "chưa xong",
    ]  # fmt: skip
    rows = filled(table(
        ("Tên", "Xong"), ("{%tr for u in units %}", ""), ("{{ u.name }}", "{{ u.done }}"),
        ("{%tr endfor %}", ""),
    )).tables[0].rows  # fmt: skip
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["Tên", "Xong"], ["Phòng Một", "3"], ["Phòng Hai", "0"],
    ]  # fmt: skip


def test_a_tag_that_word_cut_up_without_anybody_seeing_it_is_whole():
    made = filled(
        runs(("Trích yếu: {", False), ("{ sig", False), ("ner.name }", False), ("}", False))
    )
    assert made.paragraphs[0].text == "Trích yếu: Nguyễn Văn A"


def test_curly_quotes_and_the_header_are_understood():
    made = filled(paragraphs("{% if title == “x” %}a{% else %}b{% endif %}"))
    assert made.paragraphs[0].text == "b"
    assert (
        "Nguyễn Văn A" in filled(header("{{ signer.name }}")).sections[0].header.paragraphs[0].text
    )


def test_a_loop_over_many_in_many_ends_with_a_sentence():
    many = {**VALUES, "units": [{"name": "x" * 50, "done": 1, "tasks": ["t"]}] * 3000}
    nested = "{% for a in units %}{% for b in units %}{% for c in units %}{{ c.name }}"
    content = paragraphs(nested + "{% endfor %}" * 3)
    asyncio.run(check(content, FIELDS))
    with pytest.raises(InputRefused) as refused:
        asyncio.run(fill(content, many))
    assert "quá lâu hoặc quá lớn" in say(refused.value.problems[0].sentence)
