"""What a measure may be proposed against, and which source the assignment has. Pure."""

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import MeasureStatus
from tasks.by_hand.domain import Source

LONGEST = 300  # characters of a source's title

NOT_WEAK = N_(
    "Tiêu chí {code} không mất điểm trong phiếu chấm điểm đã công bố của năm {year}; hãy chọn tiêu "
    "chí có trong danh sách mất điểm"
)
NO_SHEET = N_(
    "Chưa có phiếu chấm điểm năm {year} của Sở được công bố nên chưa biết tiêu chí nào mất điểm"
)
SOURCE = N_("Giải pháp khắc phục tiêu chí {code} mất điểm năm {year}: {criterion}")
"""What the assignment's source is called; stored, so in Vietnamese alone."""
UNIT_UNKNOWN = N_("Không có đơn vị này, hoặc đơn vị đã ngừng hoạt động")
_DECIDED: dict[MeasureStatus, tuple[str, str]] = {
    "accepted": ("measure_accepted", N_("Giải pháp này đã được chấp nhận và đã thành nhiệm vụ")),
    "returned": (
        "measure_returned",
        N_("Giải pháp này đã được trả lại; đơn vị đề xuất lại bằng một giải pháp mới"),
    ),
}


def not_weak(code: str, year: int, *, known: bool) -> InputRefused:
    """Return the refusal of a sub-criterion that lost nothing. `known`: that year has a sheet."""
    pointer, sentence = ("/code", NOT_WEAK) if known else ("/year", NO_SHEET)
    said = Sentence(sentence, {"code": code, "year": year})
    return InputRefused("input_invalid", said, [Problem(pointer, said)])


def unit_unknown() -> InputRefused:
    """Return the refusal of a unit that leads nothing any more."""
    said = Sentence(UNIT_UNKNOWN)
    return InputRefused("input_invalid", said, [Problem("/unit_id", said)])


def check_open(status: MeasureStatus) -> None:
    """Raise RuleBroken `measure_accepted`, `measure_returned` for what was decided before."""
    if status in _DECIDED:
        code, sentence = _DECIDED[status]
        raise RuleBroken(code, Sentence(sentence))


def source_of(code: str, criterion: str, year: int) -> Source:
    """Return the source of the assignment: the sub-criterion and the year it lost points in."""
    title = SOURCE.format(code=code, year=year, criterion=criterion)
    return Source(title=title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…")
