"""What may happen to a report, and when. Pure."""

import string
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence

State = Literal["preparing", "failed", "draft", "checked", "signed", "sent", "discarded"]
STATES: Mapping[str, str] = {
    "preparing": "Đang lập", "failed": "Không lập được", "draft": "Dự thảo",
    "checked": "Đã kiểm tra", "signed": "Đã ký", "sent": "Đã gửi",
    "discarded": "Đã bỏ",
}  # fmt: skip
_PLAIN = {0x111: "d"}  # the one letter whose stroke is no accent
DISCARDED = "report.discard"
"""The act, as the trail has it."""
ISSUED: frozenset[str] = frozenset({"signed", "sent"})
_ACTS: Mapping[str, tuple[str, ...]] = {
    "failed": ("retry", "discard"), "draft": ("change", "check", "discard"),
    "checked": ("change", "sign", "discard"),
    "signed": ("send", "add_signed_copy"), "sent": ("send", "add_signed_copy"),
}  # fmt: skip
_NOT_NOW = N_(
    "Báo cáo đang ở trạng thái «{state}» nên chưa làm được việc này: chỉ làm được khi {when}"
)
_WHEN: Mapping[str, str] = {
    "retry": N_("báo cáo không lập được"),
    "change": N_("báo cáo là dự thảo hoặc đã kiểm tra"), "check": N_("báo cáo là dự thảo"),
    "sign": N_("báo cáo đã kiểm tra"), "send": N_("báo cáo đã ký"),
    "add_signed_copy": N_("báo cáo đã ký"),
    "discard": N_("báo cáo chưa ký"),
}  # fmt: skip
_UNCONFIRMED = N_(
    "Chưa đánh dấu đã ký được: báo cáo dựa trên dữ liệu bản dựng chưa được xác nhận nguồn "
    "({names}). Quản trị viên phải đối chiếu với văn bản chính thức và xác nhận trước"
)
_UNREAD = N_("Chưa ghi nhận là đã kiểm tra: còn điều phải đọc và xác nhận. {remarks}")
_NO_SUCH_SENTENCE = N_("Báo cáo không có câu «{id}»: hãy tải lại trang rồi sửa lại")
_NO_SUCH_SECTION = N_("Báo cáo không có mục «{id}»: hãy tải lại trang rồi thêm lại")
_BACKWARDS = N_("Ngày bắt đầu {start} sau ngày kết thúc {end}: hãy đổi lại")
_NO_WORDS = N_("Câu thêm vào chưa có chữ nào: hãy ghi nội dung")
_NO_NUMBER = N_("Số văn bản {number} không có: số đầu tiên của năm là 01")
_OUTSIDE = N_("Ngày {day} không hợp lệ: phải từ {first} đến {last}")
_NO_MAIL = N_("Gửi thư từ đây thì hình thức gửi phải là thư điện tử")
_NO_COPY = N_("Chưa có bản đã ký để gửi kèm: hãy lưu bản đã ký trước khi gửi thư từ đây")
_NEEDS_PLAN = N_("Loại báo cáo «{kind}» phải nói về một kế hoạch: hãy chọn kế hoạch")


def acts(state: str) -> tuple[str, ...]:
    """Return what a report's state allows."""
    return _ACTS.get(state, ())


def check_state(state: str, act: str) -> None:
    """Raise RuleBroken (`report_not_now`) unless the state allows the act."""
    if act not in acts(state):
        facts = {"state": STATES[state], "when": _WHEN[act]}
        raise RuleBroken("report_not_now", Sentence(_NOT_NOW, facts))


def check_confirmed(unconfirmed: Collection[str]) -> None:
    """Raise RuleBroken (`report_source_unconfirmed`) while composed data is not confirmed."""
    if unconfirmed:
        names = ", ".join(unconfirmed)
        raise RuleBroken("report_source_unconfirmed", Sentence(_UNCONFIRMED, {"names": names}))


def check_read(remarks: Collection[str], *, read: bool) -> None:
    """Raise RuleBroken (`report_remarks_unread`) while somebody has not said that they know."""
    if remarks and not read:
        raise RuleBroken(
            "report_remarks_unread", Sentence(_UNREAD, {"remarks": ". ".join(remarks)})
        )


def no_sentence(place: int, id: str) -> InputRefused:
    """Return the refusal of a sentence that the report does not have."""
    return _refused(f"/sentences/{place}/id", Sentence(_NO_SUCH_SENTENCE, {"id": id}))


def no_section(place: int, id: str) -> InputRefused:
    """Return the refusal of a section that the report does not have."""
    return _refused(f"/sentences/{place}/section", Sentence(_NO_SUCH_SECTION, {"id": id}))


def no_words(place: int) -> InputRefused:
    """Return the refusal of a sentence that is added and says nothing."""
    return _refused(f"/sentences/{place}/text", Sentence(_NO_WORDS))


def backwards(start: str, end: str) -> InputRefused:
    """Return the refusal of a period that ends before it begins."""
    return _refused("/from", Sentence(_BACKWARDS, {"start": start, "end": end}))


def check_day(pointer: str, day: date, first: date, last: date) -> None:
    """Raise InputRefused (`report_invalid`) unless first <= day <= last."""
    if not first <= day <= last:
        days = {"day": day, "first": first, "last": last}
        facts = {name: f"{each:%d/%m/%Y}" for name, each in days.items()}
        raise _refused(pointer, Sentence(_OUTSIDE, facts))


def check_mail(channel: str, *, has_copy: bool) -> None:
    """Raise for a mail from here that is none: InputRefused (`report_invalid`), RuleBroken."""
    if channel != "mail":
        raise _refused("/channel", Sentence(_NO_MAIL))
    if not has_copy:
        raise RuleBroken("report_copy_missing", Sentence(_NO_COPY))


def plain_number(number: str) -> str:
    """Return a number as it stands on paper: "7", "07" and "007" are one, "07"; "7a" is "07a".

    Raises InputRefused (`report_invalid`) for 0.
    """
    digits = number.rstrip(string.ascii_letters)
    if not digits.strip("0"):
        raise _refused("/number", Sentence(_NO_NUMBER, {"number": number}))
    return digits.lstrip("0").zfill(2) + number[len(digits) :]


def needs_plan(kind: str) -> InputRefused:
    """Return the refusal of a report without the plan that its kind is about."""
    return _refused("/plan_id", Sentence(_NEEDS_PLAN, {"kind": kind}))


def _refused(pointer: str, sentence: Sentence) -> InputRefused:
    return InputRefused("report_invalid", sentence, [Problem(pointer, sentence)])


def folded(text: str) -> str:
    """Return a text as it is searched: small letters without accents."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_PLAIN)
