"""Units by the names an appendix uses for them."""

from dataclasses import replace

import pytest

from tasks.directory.unit_book import UnitBook, UnitProblem

ROOMS = ["TCBC", "XDCQ", "CBCCVC", "CCHC", "TĐKT", "LĐVL", "NCC"]
CENTRES = ["TTLTLS", "TTDVVL", "TTĐD"]
EVERYONE = ["VP", "TTr", *ROOMS, *CENTRES]


def codes(match):
    return [unit.code for unit in match.units]


def test_a_unit_that_ended_leaves_its_names_to_the_one_that_took_them_over(demo_units):
    ended = replace(demo_units["NCC"], active=False)
    heir = replace(demo_units["LĐVL"], aliases=(*demo_units["LĐVL"].aliases, ended.name))
    book = UnitBook([ended, heir])
    twice = UnitBook([ended, heir, replace(demo_units["TTr"], aliases=(ended.name,))])
    assert codes(book.match("Phòng Người có công")) == ["LĐVL"]
    assert [each.problem for each in book.match("Phòng NCC").problems] == ["closed"]
    assert codes(twice.match("Phòng Người có công")) == [], "two that took it over: nobody's"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Văn phòng Sở", ["VP"]),
        ("văn phòng sở", ["VP"]),
        ("VP Sở", ["VP"]),
        ("Phòng Cán bộ, công chức, viên chức", ["CBCCVC"]),
        ("Phòng Cán bộ, công chức, viên chức, Văn phòng Sở", ["CBCCVC", "VP"]),
        ("Văn phòng Sở; Phòng Cán bộ, công chức, viên chức", ["VP", "CBCCVC"]),
        ("Phòng Tổ chức biên chế và Tổ chức phi chính phủ", ["TCBC"]),
        ("Phòng Tổ chức biên chế và Văn phòng Sở", ["TCBC", "VP"]),
        ("Phòng TCBC&TCPCP", ["TCBC"]),
        ("Phòng Thi đua – Khen thưởng", ["TĐKT"]),
        ("Ban Thi đua-Khen thưởng", ["TĐKT"]),
        ("P. CCHC, P.LĐVL và TT. Dịch vụ việc làm", ["CCHC", "LĐVL", "TTDVVL"]),
        ("- Văn phòng Sở\n- Thanh tra Sở", ["VP", "TTr"]),
        ("Văn phòng Sở/Thanh tra Sở", ["VP", "TTr"]),
        ("NCC; LĐVL", ["NCC", "LĐVL"]),
        ("Văn phòng Sở; VP; Văn phòng", ["VP"]),
        ("Pho\u0300ng Ngu\u031bo\u031b\u0300i co\u0301 co\u0302ng", ["NCC"]),
        ("Phòng\u00a0Lao\u00a0động - Việc làm", ["LĐVL"]),
        ("Phòng Lao \u00d0ộng - Việc làm", ["LĐVL"]),
        ("Trung tâm Lưu trữ lịch sử\nTrung tâm Điều dưỡng người có công", ["TTLTLS", "TTĐD"]),
        ("Sở Nội vụ", ["SNV"]),
        ("1. Phòng Người có công\n2. VP Sở", ["NCC", "VP"]),
        ("a) Thanh tra\nb) Phòng LĐVL", ["TTr", "LĐVL"]),
        ("1) VP, TTr", ["VP", "TTr"]),
        ("", []),
        ("  \n", []),
    ],
)
def test_names_are_found_whole_before_the_cell_is_split(demo_book, cell, expected):
    match = demo_book.match(cell)
    assert (codes(match), match.problems, match.everyone) == (expected, (), False)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Các phòng, đơn vị thuộc Sở", EVERYONE),
        ("Các phòng, đơn vị trực thuộc Sở Nội vụ", EVERYONE),
        ("Tất cả các phòng và đơn vị", EVERYONE),
        ("Các phòng chuyên môn, các đơn vị sự nghiệp thuộc Sở", EVERYONE),
        ("Các phòng chuyên môn", ROOMS),
        ("Các phòng chuyên môn thuộc Sở", ROOMS),
        ("Các đơn vị sự nghiệp", CENTRES),
        ("Văn phòng Sở; các phòng chuyên môn", ["VP", *ROOMS]),
        ("Các phòng chuyên môn, Văn phòng Sở", [*ROOMS, "VP"]),
    ],
)
def test_a_group_word_means_every_active_unit_of_its_kinds(demo_book, cell, expected):
    match = demo_book.match(cell)
    assert (codes(match), match.problems, match.everyone) == (expected, (), True)


@pytest.mark.parametrize(
    "cell",
    ["Các phòng, đơn vị có liên quan", "Các đơn vị liên quan", "Các cơ quan, đơn vị có liên quan",
     "Các đơn vị thuộc Sở"],
)  # fmt: skip
def test_a_group_nobody_can_name_is_left_to_a_person(demo_book, cell):
    assert demo_book.match(cell).problems == (UnitProblem("group", cell),)
    assert demo_book.match(cell).units == ()


def test_a_vague_group_takes_no_neighbour_along(demo_book):
    match = demo_book.match("Các phòng, đơn vị thuộc Sở và các cơ quan liên quan")
    assert codes(match) == EVERYONE
    assert match.problems == (UnitProblem("group", "các cơ quan liên quan"),)


def test_an_unknown_unit_is_reported_with_the_names_like_it(demo_book):
    (problem,) = demo_book.match("Phòng Lao động và Việc lam").problems
    assert (problem.problem, problem.text) == ("unknown", "Phòng Lao động và Việc lam")
    assert problem.nearest[0] == "Phòng Lao động - Việc làm"


@pytest.mark.parametrize(
    ("cell", "unknown", "known"),
    [
        ("Phòng Tiếp dân, giải quyết đơn; VP", "Phòng Tiếp dân, giải quyết đơn", ["VP"]),
        ("Sở Tài chính, Văn phòng Sở", "Sở Tài chính", ["VP"]),
        ("1. Tổ 3\n2. Văn phòng Sở", "Tổ 3", ["VP"]),
        ("Văn phòng Sở và Sở Tài chính", "Sở Tài chính", ["VP"]),
        ("Thanh tra tỉnh", "Thanh tra tỉnh", []),
        ("Chi cục Thanh tra Sở", "Chi cục Thanh tra Sở", []),
        ("Văn phòng UBND tỉnh, các phòng chuyên môn", "Văn phòng UBND tỉnh", ROOMS),
    ],
)  # fmt: skip
def test_a_name_inside_a_longer_name_is_not_that_unit(demo_book, cell, unknown, known):
    match = demo_book.match(cell)
    assert [(one.problem, one.text) for one in match.problems] == [("unknown", unknown)]
    assert codes(match) == known


def test_a_closed_unit_is_recognised_and_nobody_is_assigned(demo_units):
    closed = replace(demo_units["TTr"], active=False)
    book = UnitBook([demo_units["VP"], closed])
    match = book.match("Thanh tra Sở; Văn phòng Sở")
    assert codes(match) == ["VP"]
    assert match.problems == (UnitProblem("closed", "Thanh tra Sở"),)
    assert codes(book.match("Các phòng, đơn vị thuộc Sở")) == ["VP"]


def test_a_name_two_units_share_is_nobodys(demo_units):
    twins = [replace(demo_units["VP"], aliases=("Tổ một cửa",)),
             replace(demo_units["NCC"], aliases=("Tổ một cửa",))]  # fmt: skip
    assert UnitBook(twins).match("Tổ một cửa").problems[0].problem == "unknown"


def test_a_book_without_units_knows_nobody():
    assert UnitBook([]).match("Văn phòng Sở").problems[0].nearest == ()
