"""Workbooks with figures of others' surveys, or with what a sheet came to last year: one a row."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from reporting.criteria.uploads import sheets_in
from reporting.criteria.values import read_two_ways
from reporting.score_sheets.domain import Figure, LastYear

BODY, CODE = N_("Mã cơ quan, đơn vị"), N_("Mã tiêu chí")
INDEX, SOURCE, DAY = N_("Chỉ số hài lòng (%)"), N_("Nguồn"), N_("Ngày của nguồn")
HEADINGS = (BODY, CODE, INDEX, SOURCE, DAY)
CRITERION, LAST, LAST_MOST = (
    N_("Tiêu chí"), N_("Điểm năm trước"), N_("Điểm tối đa năm trước"),
)  # fmt: skip
LAST_YEAR = (CRITERION, LAST, LAST_MOST)
_OF_A_ROW = frozenset({BODY, CODE, CRITERION})  # columns that say which row it is, nothing of it
_MOST_POINTS = 1_000_000
LONGEST = 500  # characters of a source
_NO_HEAD = N_("Không thấy dòng tiêu đề có đủ các cột: {columns}")
_NO_ROW = N_("Tệp không có dòng nào ghi chỉ số")
_NO_POINTS = N_("Tệp không có dòng nào ghi điểm năm trước")
_HALF = N_("Dòng {row}: {code} có «{there}» mà thiếu «{lacks}»")
_POINTS = N_(
    "Dòng {row}: «{written}» không phải là điểm, ví dụ 1,5; nhiều nhất sáu chữ số thập phân"
)
_IN_ROW = N_("Dòng {row}: {problem}")
_AGAIN = N_("Dòng {row}: {code} đã có ở một dòng trên")
_NO_NUMBER = N_("Dòng {row}: «{written}» không phải là một số, ví dụ 89,08")
_NO_DAY = N_("Dòng {row}: «{written}» không phải là một ngày, ví dụ 30/12/2025")
_LONG = N_("Dòng {row}: nguồn dài quá {most} ký tự")
_NO_INDEX = N_("Dòng {row}: có nguồn hoặc ngày («{written}») mà không có chỉ số")
_SHARE = N_(
    "Dòng {row}: «{written}» nghĩa là dưới 1 %; nếu ô định dạng phần trăm, hãy ghi số, ví dụ 89,08"
)


async def read_figures(content: bytes, name: str) -> list[Figure]:
    """Return the figure of each line; one whose index, source and day are empty has none.

    Raises InputRefused `survey_figures_invalid` naming each wrong line; UnsupportedMedia, TooLarge
    as criteria sets do.
    """
    sheets = await sheets_in(content, name)
    found: list[Figure] = []
    problems: list[Problem] = []
    grid = next(iter(sheets.values()), [])
    for number, cells in _lines(grid, HEADINGS, "survey_figures_invalid"):
        try:
            found.append(_read(number, cells))
        except InputRefused as refused:
            problems += refused.problems
    if not found and not problems:
        problems = [Problem("", Sentence(_NO_ROW))]
    if problems:
        raise InputRefused("survey_figures_invalid", problems[0].sentence, problems)
    return found


async def read_last_year(content: bytes, name: str) -> list[LastYear]:
    """Return what rows came to last year, of lines that say it.

    Raises InputRefused `last_year_invalid` naming each wrong line; else as `read_figures`.
    """
    sheets = await sheets_in(content, name)
    found: dict[str, LastYear] = {}
    problems: list[Problem] = []
    for number, cells in _lines(next(iter(sheets.values()), []), LAST_YEAR, "last_year_invalid"):
        try:
            row = _last_year(number, cells)
            if row.code in found:
                raise _wrong(_AGAIN, number, code=row.code)
            found[row.code] = row
        except InputRefused as refused:
            problems += refused.problems
    if not found and not problems:
        problems = [Problem("", Sentence(_NO_POINTS))]
    if problems:
        raise InputRefused("last_year_invalid", problems[0].sentence, problems)
    return list(found.values())


def _last_year(number: int, cells: dict[str, str]) -> LastYear:
    lacks = next((name for name in LAST_YEAR if not cells[name]), None)
    if lacks is not None:
        there = next(name for name in (LAST, LAST_MOST) if cells[name])
        facts = {"code": cells[CRITERION] or "…", "there": there, "lacks": lacks}
        raise _wrong(_HALF, number, **facts)
    given = (_points(number, cells[name]) for name in (LAST, LAST_MOST))
    return LastYear(cells[CRITERION], *given)


def _points(number: int, written: str) -> Decimal:
    if said := read_two_ways(written):
        raise _wrong(_IN_ROW, number, problem=said)
    try:
        points = Decimal(written.replace(",", "."))
    except InvalidOperation:
        raise _wrong(_POINTS, number, written=written) from None
    if not points.is_finite() or not 0 <= points < _MOST_POINTS or points != round(points, 6):
        raise _wrong(_POINTS, number, written=written)
    return points


def _wrong(words: str, number: int, **facts: object) -> InputRefused:
    sentence = Sentence(words, {"row": number, **facts})
    return InputRefused("last_year_invalid", sentence, [Problem(f"/rows/{number}", sentence)])


def _lines(
    grid: Sequence[Sequence[str]], headings: Sequence[str], refused: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the lines below the header that say something, each with its number in the sheet."""
    below, columns = _header(grid, headings, refused)
    for number, row in enumerate(grid[below:], below + 1):
        cells = {name: row[n] if n < len(row) else "" for name, n in columns.items()}
        if any(cells[name] for name in headings if name not in _OF_A_ROW):
            yield number, cells


def _header(
    grid: Sequence[Sequence[str]], headings: Sequence[str], refused: str
) -> tuple[int, dict[str, int]]:
    """Return how many rows stand above the lines, and where each column is."""
    wanted = {each.casefold(): each for each in headings}
    for below, row in enumerate(grid, 1):
        columns = {
            wanted[cell.casefold()]: n for n, cell in enumerate(row) if cell.casefold() in wanted
        }
        if len(columns) == len(headings):
            return below, columns
    sentence = Sentence(_NO_HEAD, {"columns": ", ".join(headings)})
    raise InputRefused(refused, sentence, [Problem("", sentence)])


def _read(number: int, cells: dict[str, str]) -> Figure:
    index = _index(number, cells)
    if len(cells[SOURCE]) > LONGEST:
        raise _refused(_LONG, number, most=LONGEST)
    try:
        day = datetime.strptime(cells[DAY], "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise _refused(_NO_DAY, number, cells[DAY]) from None
    return Figure(number, cells[BODY], cells[CODE], index, cells[SOURCE], day)


def _index(number: int, cells: dict[str, str]) -> Decimal:
    """Return the percentage; a cell in the format of percent holds a share, 0.8908 for 89,08 %."""
    written = cells[INDEX]
    if not written:
        raise _refused(_NO_INDEX, number, cells[SOURCE] or cells[DAY])
    try:
        index = Decimal(written.replace(",", "."))
    except InvalidOperation:
        raise _refused(_NO_NUMBER, number, written) from None
    if index.is_finite() and 0 < index < 1:
        raise _refused(_SHARE, number, written)
    return index


def _refused(words: str, number: int, written: str = "", **facts: object) -> InputRefused:
    sentence = Sentence(words, {"row": number, "written": written, **facts})
    problem = Problem(f"/rows/{number}", sentence)
    return InputRefused("survey_figures_invalid", sentence, [problem])
