"""What a measure may be proposed against, and which source the assignment has. Pure."""

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import MeasureStatus
from tasks.by_hand.domain import Source

LONGEST = 300  # characters of a source's title

NOT_WEAK = N_(
    "Tiêu chí {code} không mất điểm trong phiếu chấm điểm đã công bố của năm {year}; hãy chọn tiêu "
    "chí có trong danh sách, hoặc ghi tiêu chí này là yếu kèm lý do"
)
NO_SHEET = N_(
    "Chưa có phiếu chấm điểm năm {year} của Sở được công bố và chưa ai ghi tiêu chí {code} là yếu; "
    "hãy ghi tiêu chí yếu kèm lý do trước"
)
KNOWN_ALREADY = N_("Tiêu chí {code} đã có trong danh sách của năm {year}: hãy đề xuất giải pháp")
TOO_LATE = N_("Năm {year} chưa đến; hãy ghi năm được chấm điểm, muộn nhất là {latest}")
HAS_MEASURES = N_(
    "Tiêu chí {code} năm {year} đã có giải pháp được đề xuất nên phải giữ trong danh sách"
)
SOURCE = N_("Giải pháp khắc phục tiêu chí {code} mất điểm năm {year}: {criterion}")
"""What the assignment's source is called; stored, so in Vietnamese alone."""
NAMED_SOURCE = N_("Giải pháp đối với tiêu chí {code} được ghi là yếu năm {year}: {criterion}")
"""The same where no sheet says that points were lost."""
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


def check_year(year: int, this_year: int) -> None:
    """Raise InputRefused for a year that has not come: nothing was weak in it yet."""
    if year > this_year:
        said = Sentence(TOO_LATE, {"year": year, "latest": this_year})
        raise InputRefused("input_invalid", said, [Problem("/year", said)])


def known_already(code: str, year: int) -> RuleBroken:
    """Return the refusal of a sub-criterion that is called weak already."""
    return RuleBroken("weak_criterion_known", Sentence(KNOWN_ALREADY, {"code": code, "year": year}))


def has_measures(code: str, year: int) -> RuleBroken:
    """Return the refusal to take back what measures were proposed against."""
    facts = {"code": code, "year": year}
    return RuleBroken("weak_criterion_has_measures", Sentence(HAS_MEASURES, facts))


def check_open(status: MeasureStatus) -> None:
    """Raise RuleBroken `measure_accepted`, `measure_returned` for what was decided before."""
    if status in _DECIDED:
        code, sentence = _DECIDED[status]
        raise RuleBroken(code, Sentence(sentence))


def source_of(code: str, criterion: str, year: int, *, by_sheet: bool = True) -> Source:
    """Return the source of the assignment: the sub-criterion and the year it was weak in."""
    title = (SOURCE if by_sheet else NAMED_SOURCE).format(code=code, year=year, criterion=criterion)
    return Source(title=title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…")
