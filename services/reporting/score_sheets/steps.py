"""How a body's sheet goes from opened to published: which act is whose, and when.

opened → self_scoring → locked (appraisal 1) → explaining → explained (appraisal 2) → approved →
published. Without a question nothing is to be explained. What a lock ended is reopened while the
next phase has not begun, what the Director approved goes back to the second appraisal by the
Director alone; a phase of the body has a last day. Source: the workflow of a province's public
code, docs/indices.md 8; reopening and moving a day composed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Literal, NoReturn

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence

State = Literal[
    "opened", "self_scoring", "locked", "explaining", "explained", "approved", "published"
]
Act = Literal[
    "self_score", "prove", "answer", "lock", "appraise", "ask", "import_last_year",
    "count_ballots", "approve", "publish", "reopen", "extend",
    "enter_survey",
]  # fmt: skip
Days = tuple[date | None, date | None]
"""The last days to self-score and to explain."""
Party = Literal["body", "appraiser", "office", "director", "keeper"]
"""`keeper`: the Office or the Director, of a body for which they do not act themselves."""

STATES: Mapping[State, str] = {
    "opened": N_("đã mở, chưa ai nhập"),
    "self_scoring": N_("đang tự chấm"),
    "locked": N_("đã chốt tự chấm, đang thẩm định lần 1"),
    "explaining": N_("đang giải trình"),
    "explained": N_("đã chốt giải trình, đang thẩm định lần 2"),
    "approved": N_("đã duyệt"),
    "published": N_("đã công bố"),
}
OPEN: Mapping[Act, Mapping[State, Party]] = {
    "self_score": {"opened": "body", "self_scoring": "body"},
    "prove": {"opened": "body", "self_scoring": "body", "explaining": "body"},
    "answer": {"explaining": "body"},
    "lock": {
        "opened": "body", "self_scoring": "body", "locked": "appraiser", "explaining": "body",
    },
    "appraise": {"locked": "appraiser", "explained": "appraiser"},
    "ask": {"locked": "appraiser"},
    "count_ballots": {
        "opened": "office", "self_scoring": "office", "locked": "office", "explaining": "office",
        "explained": "office",
    },
    "enter_survey": {
        "opened": "keeper", "self_scoring": "keeper", "locked": "keeper", "explaining": "keeper",
        "explained": "keeper",
    },
    "import_last_year": {"opened": "office", "self_scoring": "office"},
    "approve": {"explained": "director"},
    "publish": {"approved": "office"},
    "reopen": {
        "locked": "keeper", "explaining": "keeper", "explained": "keeper", "approved": "director",
        "published": "director",
    },
    "extend": {"opened": "keeper", "self_scoring": "keeper", "explaining": "keeper"},
}  # fmt: skip
"""Which act is open in which state, and to whom."""
DECIDED: frozenset[State] = frozenset({"approved", "published"})
"""What the Director decided; the Director alone takes it back."""
BEGINS: frozenset[Act] = frozenset({"self_score", "prove"})
"""Acts that begin the self-scoring."""
DATED: frozenset[Act] = frozenset({"self_score", "prove", "answer"})
"""Acts that a last day ends. A lock is none: what was entered in time may be locked later."""

_NOT_NOW = N_("Phiếu {state}: việc này chỉ làm được khi phiếu {right}")
_CLOSED = N_(
    "Hạn nhập {day} đã qua, không nhập thêm được; nếu cần, hãy đề nghị Văn phòng Sở gia hạn, nêu "
    "lý do"
)
_DAY_NEEDED = N_("Hạn nhập đã qua: hãy nêu hạn mới, từ hôm nay trở đi")
_DAY_PAST = N_("Hạn mới {day} đã qua: hãy chọn một ngày từ {today} trở đi")
_DAY_EARLIER = N_("Hạn mới {day} sớm hơn hạn hiện nay {last}: gia hạn chỉ lùi về sau")
_NO_DAY = N_("Phiếu quay về bước thẩm định, bước này không có hạn nhập: hãy để trống hạn mới")
_NO_DAY_TO_EXPLAIN = N_("Đợt này không đặt hạn giải trình: hãy để trống hạn giải trình mới")
_ONE_DAY = N_("Phiếu đang giải trình: hạn mới là hạn giải trình, không ghi thêm hạn nào khác")
_NOTHING_MOVED = N_("Chưa có hạn nào được lùi: hãy chọn ít nhất một hạn muộn hơn hạn hiện nay")
_EXPLAINED_BEFORE = N_("Hạn giải trình {day} sớm hơn hạn tự chấm {last}: hãy chọn một ngày sau đó")
_BEGUN = N_(
    "Không mở lại được: bước sau đã bắt đầu, đã có nội dung ở các dòng {codes}. Hãy hỏi giải trình "
    "hoặc sửa ở bước đang làm"
)
_CORRECTED = N_(
    "Phiếu đã duyệt đang được thẩm định lại: sửa điểm ở thẩm định lần 2 rồi trình Giám đốc duyệt, "
    "không mở lại bước trước đó"
)
_INELIGIBLE = N_("{name} không đủ điều kiện đánh giá ({reason}), nên phiếu chưa thể công bố")


def open_acts(
    state: State,
    parties: Collection[Party],
    *,
    day_passed: bool = False,
    corrected: bool = False,
) -> list[Act]:
    """Return what the parties may do with a sheet in a state. `corrected`: see `check_back`."""
    return [
        act
        for act, states in OPEN.items()
        if states.get(state) in parties
        and not (day_passed and act in DATED)
        and not (corrected and act == "reopen")
    ]


def has_passed(last: date | None, today: date) -> bool:
    """Tell whether a last day, that day included, is over."""
    return last is not None and today > last


def check_day(act: Act, last: date | None, today: date) -> None:
    """Raise RuleBroken (`score_sheet_closed`) for what a body enters after its last day."""
    if act in DATED and last is not None and has_passed(last, today):
        raise RuleBroken("score_sheet_closed", Sentence(_CLOSED, {"day": f"{last:%d/%m/%Y}"}))


def check_new_day(
    day: date | None, last: date | None, today: date, *, needed: bool, field: str = "closes_on"
) -> None:
    """Raise InputRefused (`score_sheet_day`) for a last day that leaves no time.

    Args:
        day: the new one, None: it stays as it is.
        last: as it is now, None: there is none.
        needed: whether nothing could be entered without a new one.
    """
    sentence = None
    if day is None:
        if needed:
            sentence = Sentence(_DAY_NEEDED)
    elif day < today:
        facts = {"day": f"{day:%d/%m/%Y}", "today": f"{today:%d/%m/%Y}"}
        sentence = Sentence(_DAY_PAST, facts)
    elif last is not None and day < last:
        facts = {"day": f"{day:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        sentence = Sentence(_DAY_EARLIER, facts)
    if sentence is not None:
        raise InputRefused("score_sheet_day", sentence, [Problem(f"/{field}", sentence)])


def check_moved(new: Sequence[date | None], old: Sequence[date | None]) -> None:
    """Raise InputRefused (`score_sheet_day`) for days that are the last ones already."""
    if all(day in (None, last) for day, last in zip(new, old, strict=True)):
        sentence = Sentence(_NOTHING_MOVED)
        raise InputRefused("score_sheet_day", sentence, [Problem("/closes_on", sentence)])


def check_moved_on(new: Days, old: Days, today: date) -> None:
    """Raise InputRefused (`score_sheet_day`) unless a round's last days move on, and only on.

    Args:
        new: to self-score and to explain, None: it stays as it is.
        old: as they are now; to explain None: there is none, and none begins here.
    """
    for field, day, last in zip(("closes_on", "explain_by"), new, old, strict=True):
        if day is not None and last is None:
            sentence = Sentence(_NO_DAY_TO_EXPLAIN)
            raise InputRefused("score_sheet_day", sentence, [Problem(f"/{field}", sentence)])
        if day != last:
            check_new_day(day, last, today, needed=False, field=field)
    check_moved(new, old)
    closes_on, explain_by = (day or last for day, last in zip(new, old, strict=True))
    if closes_on is not None:
        check_explained_after(explain_by, closes_on)


def check_without_day(days: Days) -> None:
    """Raise InputRefused (`score_sheet_day`) for last days of a phase that has none."""
    for field, day in zip(("closes_on", "explain_by"), days, strict=True):
        if day is not None:
            _refuse(field, Sentence(_NO_DAY))


def check_no_second_day(explain_by: date | None) -> None:
    """Raise InputRefused (`score_sheet_day`): while it is explained one day alone is asked for."""
    if explain_by is not None:
        _refuse("explain_by", Sentence(_ONE_DAY))


def check_days(days: Days, explained_by: date | None, today: date) -> None:
    """Raise InputRefused (`score_sheet_day`) for explanations that end early, or have no day.

    Args:
        days: the new ones to self-score and to explain, None: it stays as it is.
        explained_by: the last day to explain as it is now, None: there is none.
    """
    closes_on, explain_by = days
    if explain_by is not None and explained_by is None:
        _refuse("explain_by", Sentence(_NO_DAY_TO_EXPLAIN))
    check_new_day(explain_by, explained_by, today, needed=False, field="explain_by")
    if closes_on is not None:
        check_explained_after(explain_by or explained_by, closes_on)


def _refuse(field: str, sentence: Sentence) -> NoReturn:
    raise InputRefused("score_sheet_day", sentence, [Problem(f"/{field}", sentence)])


def check_explained_after(day: date | None, closes_on: date) -> None:
    """Raise InputRefused (`score_sheet_day`) for explanations that end before self-scores do."""
    if day is not None and day < closes_on:
        facts = {"day": f"{day:%d/%m/%Y}", "last": f"{closes_on:%d/%m/%Y}"}
        sentence = Sentence(_EXPLAINED_BEFORE, facts)
        raise InputRefused("score_sheet_day", sentence, [Problem("/explain_by", sentence)])


def check_state(act: Act, state: State) -> None:
    """Raise RuleBroken (`score_sheet_state`) for an act that a state has no room for."""
    if state in OPEN[act]:
        return
    right = Sentence(STATES[[*OPEN[act]][-1]])
    facts = {"state": Sentence(STATES[state]), "right": right}
    raise RuleBroken("score_sheet_state", Sentence(_NOT_NOW, facts))


def check_round(number: int | None, state: State) -> None:
    """Raise RuleBroken (`score_sheet_state`) for what was meant for the other appraisal.

    Who types while somebody else locks the first would else decide in the second. None: whichever.
    """
    meant: State = "locked" if number == 1 else "explained"
    if number is not None and state != meant:
        facts = {"state": Sentence(STATES[state]), "right": Sentence(STATES[meant])}
        raise RuleBroken("score_sheet_state", Sentence(_NOT_NOW, facts))


_COLUMNS: Mapping[str, tuple[Act, frozenset[State]]] = {
    "self_score": ("self_score", frozenset({"opened", "self_scoring"})),
    "not_applicable_reason": ("self_score", frozenset({"opened", "self_scoring"})),
    "appraised_1": ("appraise", frozenset({"locked"})),
    "appraised_2": ("appraise", frozenset({"explained"})),
    "not_applicable_accepted": ("appraise", frozenset({"locked", "explained"})),
}

OF_THE_BODY = frozenset(name for name, (act, _) in _COLUMNS.items() if act == "self_score")
"""Columns that the body enters, until its last day."""
OF_THE_APPRAISER = frozenset(
    {"appraised_1", "appraised_2", "not_applicable_accepted", "ballots_accepted"}
)
"""Columns that a block's appraisers decide."""


def check_columns_open(columns: Collection[str], state: State) -> None:
    """Raise RuleBroken (`score_sheet_state`) for a column that a sheet's state has no room for."""
    for column in sorted(columns):
        act, states = _COLUMNS.get(column, ("self_score", frozenset({state})))
        if state not in states:
            right = Sentence(STATES[[*OPEN[act]][-1]])
            facts = {"state": Sentence(STATES[state]), "right": right}
            raise RuleBroken("score_sheet_state", Sentence(_NOT_NOW, facts))


def after_lock(state: State, *, asked: bool) -> State:
    """Return where a lock leads. `asked`: the appraiser wants rows explained."""
    if state == "locked":
        return "explaining" if asked else "explained"
    return "explained" if state == "explaining" else "locked"


def before_lock(state: State, *, answered: bool) -> State:
    """Return what is under way again once the last lock, or the decision, is undone.

    `answered`: rows were asked about and explained before the second appraisal.
    """
    if state in DECIDED:
        return "explained"
    if state == "explained":
        return "explaining" if answered else "locked"
    return "locked" if state == "explaining" else "self_scoring"


def check_not_begun(codes: Sequence[str]) -> None:
    """Raise RuleBroken (`score_sheet_next_begun`) where rows of the next phase are entered."""
    if codes:
        raise RuleBroken("score_sheet_next_begun", Sentence(_BEGUN, {"codes": ", ".join(codes)}))


def check_back(*, corrected: bool) -> None:
    """Raise RuleBroken (`score_sheet_corrected`): what was decided is appraised anew, no more.

    `corrected`: it was decided, and its points count until it is approved again.
    """
    if corrected:
        raise RuleBroken("score_sheet_corrected", Sentence(_CORRECTED))


def check_eligible(name: str, reason: str | None) -> None:
    """Raise RuleBroken (`body_ineligible`): what cannot be assessed is not published."""
    if reason is not None:
        sentence = Sentence(_INELIGIBLE, {"name": name, "reason": reason})
        raise RuleBroken("body_ineligible", sentence)
