"""From the cells of a workbook to a criteria set's data, each value with the cell it came from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.rules import Problem, WrongValue
from chassis.words import N_, Sentence
from reporting.criteria import columns as form
from reporting.criteria.columns import Column
from reporting.criteria.values import put, read

HEADER_WITHIN = 20  # rows from the top
SHEETS = (form.GENERAL, form.ROWS, form.DETAILS, form.BANDS)
_IN_CELL = N_("Trang “{sheet}”, ô {cell}: {problem}")
_NO_SHEET = N_("tệp không có trang này; hãy tải tệp mẫu về và giữ nguyên tên trang")
_SHEET_TWICE = N_("tệp có hai trang cùng tên này; hãy bỏ bớt một")
_NO_COLUMN = N_("thiếu cột “{heading}”; hãy giữ nguyên dòng tiêu đề")
_TWICE = N_("có hai cột “{heading}”; hãy bỏ bớt một")
_NO_LEVEL = N_("“{value}” không phải là cấp; chọn một trong: {choices}")
_NO_PARENT = N_("dòng này phải đứng dưới một dòng “{parent}”")
_NO_ROW = N_("không có tiêu chí thành phần {code} ở trang “{sheet}”")
_NO_KIND = N_("“{value}” không phải là loại; chọn một trong: {choices}")
_CODE_TWICE = N_("mã {code} bị trùng")
_OPTION_TWICE = N_("phương án {option} của {code} bị ghi hai lần")

Grid = Sequence[Sequence[str]]
Place = tuple[str, str]  # sheet, cell


@dataclass
class Reading:
    """What a workbook says. `places`: the cell of each pointer; `problems`: of single cells.

    `whole`: no sheet and no column is missing, so that what is not there was left out.
    """

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    whole: bool = True

    def refuse(self, place: Place, sentence: str, pointer: str = "", **facts: object) -> None:
        """Keep that a cell cannot be so; the first problem of a cell stays."""
        self.problems.setdefault(
            pointer or f"{place[0]}!{place[1]}", in_cell(place, Sentence(sentence, facts))
        )

    def take(self, column: Column, cell: str, place: Place, pointer: str) -> Any:
        """Return a cell's value, its own words where it has none; remember where it stood."""
        self.places[pointer], self.headings[pointer] = place, column.heading
        try:
            return read(column, cell) if cell else None
        except WrongValue as wrong:
            self.refuse(place, wrong.sentence.template, pointer, **wrong.sentence.facts)
            return cell

    def place_of(self, pointer: str) -> Place:
        """Return the cell of a pointer, or of the nearest thing around it."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, (form.ROWS, "A1"))


def in_cell(place: Place, problem: Sentence) -> Problem:
    """Return a problem as the workbook's own: its pointer is sheet and cell."""
    facts = {"sheet": place[0], "cell": place[1], "problem": problem}
    return Problem(f"/{place[0]}/{place[1]}", Sentence(_IN_CELL, facts))


def read_sheets(sheets: Mapping[str, Grid]) -> Reading:
    """Return what the sheets say, everything that cannot be beside it."""
    found = Reading()
    by_name: dict[str, list[Grid]] = {}
    for name, rows in sheets.items():
        by_name.setdefault(name.strip().casefold(), []).append(rows)
    grids = {name: next(iter(by_name.get(name.casefold(), ())), None) for name in SHEETS}
    for name in SHEETS:
        if len(by_name.get(name.casefold(), ())) > 1:
            found.refuse((name, "A1"), _SHEET_TWICE)
            found.whole = False
    for name, grid in grids.items():
        if grid is None:
            found.refuse((name, "A1"), _NO_SHEET)
            found.whole = False
    _head(found, grids[form.GENERAL] or [])
    subs = _parts(found, grids[form.ROWS] or [])
    _details(found, grids[form.DETAILS] or [], subs)
    _bands(found, grids[form.BANDS] or [])
    return found


def _head(found: Reading, grid: Grid) -> None:
    known = {column.heading.casefold(): column for column in form.HEAD}
    for number, row in enumerate(grid, 1):
        column = known.get(row[0].casefold()) if row else None
        if column is not None:
            cell, place = _at(row, 1), (form.GENERAL, f"B{number}")
            value = found.take(column, cell, place, _pointer(column.path))
            if cell:
                put(found.data, column.path, value)
    for column in form.HEAD:
        found.places.setdefault(_pointer(column.path), (form.GENERAL, "A1"))
        found.headings.setdefault(_pointer(column.path), column.heading)
    found.data.setdefault("notice", "")


@dataclass(frozen=True)
class _Row:
    """A line below the header: its number as the sheet counts, its cells by heading."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    letters: Mapping[str, str]

    def place(self, heading: str) -> Place:
        return self.sheet, f"{self.letters.get(heading, 'A')}{self.number}"


def _rows(
    found: Reading, sheet: str, grid: Grid, headings: Sequence[str], needed: Sequence[str]
) -> Iterator[_Row]:
    """Go through the lines that say something in columns of ours."""
    at, columns = _header(found, sheet, grid, headings)
    for heading in needed:
        if grid and heading not in columns.values():
            found.refuse((sheet, f"A{at + 1}"), _NO_COLUMN, f"{sheet}/{heading}", heading=heading)
            found.whole = False
    letters = {heading: _letters(place) for place, heading in columns.items()}
    for number, row in enumerate(grid[at + 1 :], at + 2):
        cells = {heading: _at(row, place) for place, heading in columns.items()}
        if any(cells.values()):
            yield _Row(sheet, number, cells, letters)


def _header(
    found: Reading, sheet: str, grid: Grid, headings: Sequence[str]
) -> tuple[int, dict[int, str]]:
    """Return the row of headings, and which column stands where: the row that knows the most."""
    known = {heading.casefold(): heading for heading in headings}
    best: tuple[int, dict[int, str]] = (0, {})
    for number, row in enumerate(grid[:HEADER_WITHIN]):
        seen = {
            place: known[cell.casefold()]
            for place, cell in enumerate(row)
            if cell.casefold() in known
        }
        if len(seen) > len(best[1]):
            best = number, seen
    names = list(best[1].values())
    for place, heading in list(best[1].items()):
        if names.count(heading) > 1:
            cell = (sheet, f"{_letters(place)}{best[0] + 1}")
            found.refuse(cell, _TWICE, heading=heading)
    return best


def _parts(found: Reading, grid: Grid) -> dict[str, tuple[str, dict[str, Any]]]:
    """Read areas, criteria and sub-criteria; return the last by code, with pointers."""
    columns = (*form.PART, *form.OF_SUB)
    headings = [form.LEVEL, *(column.heading for column in columns)]
    needed = [form.LEVEL, *(column.heading for column in form.PART)]
    lists: dict[str, list[Any]] = {form.AREA: found.data.setdefault("areas", [])}
    pointers = {form.AREA: "/areas"}
    subs: dict[str, tuple[str, dict[str, Any]]] = {}
    for row in _rows(found, form.ROWS, grid, headings, needed):
        level = _word(row.cells.get(form.LEVEL, ""), form.LEVELS)
        if level is None:
            facts = {"value": row.cells.get(form.LEVEL, ""), "choices": "; ".join(form.LEVELS)}
            found.refuse(row.place(form.LEVEL), _NO_LEVEL, **facts)
            continue
        if level not in lists:
            parent = form.LEVELS[form.LEVELS.index(level) - 1]
            found.refuse(row.place(form.LEVEL), _NO_PARENT, parent=Sentence(parent))
            continue
        pointer = f"{pointers[level]}/{len(lists[level])}"
        part = _fields(found, row, columns, pointer)
        lists[level].append(part)
        _open(lists, pointers, level, part, pointer)
        if (
            level == form.SUB
            and subs.setdefault(str(part.get("code")), (pointer, part))[0] != pointer
        ):
            found.refuse(row.place(form.CODE), _CODE_TWICE, code=part.get("code", ""))
    return subs


def _open(
    lists: dict[str, list[Any]],
    pointers: dict[str, str],
    level: str,
    part: dict[str, Any],
    pointer: str,
) -> None:
    """Let what comes next stand below this part."""
    if level == form.AREA:
        lists.pop(form.SUB, None)
        lists[form.CRITERION] = part.setdefault("criteria", [])
        pointers[form.CRITERION] = f"{pointer}/criteria"
    elif level == form.CRITERION:
        lists[form.SUB] = part.setdefault("sub_criteria", [])
        pointers[form.SUB] = f"{pointer}/sub_criteria"


def _fields(found: Reading, row: _Row, columns: Iterable[Column], pointer: str) -> dict[str, Any]:
    """Read a line's cells into the fields they stand for; a blank one leaves its field out."""
    data: dict[str, Any] = {}
    first = next(iter(row.letters), "")
    found.places[pointer] = row.place(form.CODE if form.CODE in row.letters else first)
    for column in columns:
        place = row.place(column.heading)
        parent, _, _ = column.path.rpartition(".")
        if parent:
            found.places.setdefault(f"{pointer}/{parent}", place)
        value = found.take(
            column, row.cells.get(column.heading, ""), place, pointer + _pointer(column.path)
        )
        if value is not None:
            put(data, column.path, value)
    return data


def _details(found: Reading, grid: Grid, subs: Mapping[str, tuple[str, dict[str, Any]]]) -> None:
    headings = [form.OF_ROW, form.DETAIL, *(column.heading for column in form.OF_TIER)]
    for row in _rows(found, form.DETAILS, grid, headings, headings[:4]):
        code = row.cells.get(form.OF_ROW, "")
        kind = _word(row.cells.get(form.DETAIL, ""), form.KINDS_OF_DETAIL)
        if code not in subs:
            facts = {"code": code or "…", "sheet": form.ROWS}
            found.refuse(row.place(form.OF_ROW), _NO_ROW, **facts)
        elif kind is None:
            facts = {"value": row.cells.get(form.DETAIL, ""),
                     "choices": "; ".join(form.KINDS_OF_DETAIL)}  # fmt: skip
            found.refuse(row.place(form.DETAIL), _NO_KIND, **facts)
        else:
            _detail(found, row, kind, *subs[code])


def _detail(found: Reading, row: _Row, kind: str, pointer: str, sub: dict[str, Any]) -> None:
    rule = sub.setdefault("rule", {})
    if kind == form.OPTION:
        _option(found, row, f"{pointer}/rule/option_weights", sub)
        return
    name = "tiers" if kind == form.TIER else "deducts"
    listed = rule.setdefault(name, [])
    here = f"{pointer}/rule/{name}"
    fields = _fields(found, row, form.OF_TIER, f"{here}/{len(listed)}")
    found.places.setdefault(here, row.place(form.DETAIL))
    if kind == form.DEDUCT:
        for old, new in (("when", "per"), ("points", "minus")):
            found.places[f"{here}/{len(listed)}/{new}"] = found.places[
                f"{here}/{len(listed)}/{old}"
            ]
            if old in fields:
                fields[new] = fields.pop(old)
    listed.append(fields)


def _option(found: Reading, row: _Row, pointer: str, sub: dict[str, Any]) -> None:
    fields = _fields(found, row, form.OF_TIER, f"{pointer}/{row.number}")
    weights = sub["rule"].setdefault("option_weights", {})
    option = str(fields.get("when", ""))
    if option in weights:
        facts = {"option": option, "code": sub.get("code", "")}
        found.refuse(row.place(form.OF_TIER[0].heading), _OPTION_TWICE, **facts)
    found.places.setdefault(pointer, row.place(form.DETAIL))
    found.places[f"{pointer}/{option}"] = row.place(form.OF_TIER[1].heading)
    weights[option] = fields.get("points")


def _bands(found: Reading, grid: Grid) -> None:
    bands = found.data.setdefault("grade_bands", [])
    headings = [column.heading for column in form.OF_BAND]
    needed = [column.heading for column in form.OF_BAND if column.needed]
    for row in _rows(found, form.BANDS, grid, headings, needed):
        bands.append(_fields(found, row, form.OF_BAND, f"/grade_bands/{len(bands)}"))
    found.places.setdefault("/grade_bands", (form.BANDS, "A1"))


def _word(cell: str, words: Sequence[str]) -> str | None:
    return next((word for word in words if word.casefold() == cell.casefold()), None)


def _pointer(path: str) -> str:
    return "/" + path.replace(".", "/")


def _at(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _letters(place: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    letters, rest = "", place + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
