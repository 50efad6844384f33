"""What only a person can read: why, and how to write it instead."""

from chassis.words import N_, Sentence
from tasks.deadlines import vocabulary
from tasks.deadlines.domain import Deadline, Occurrence
from tasks.remarks import Remark
from tasks.words import fold, pattern

UNCLEAR = N_(
    "{why}: “{words}”. Ghi ngày dạng 30/6, hoặc kỳ dạng Quý II, Tháng 9, Hàng tháng, Thường xuyên."
)
UNCLEAR_BLANK = N_(
    "{why}. Ghi ngày dạng 30/6, hoặc kỳ dạng Quý II, Tháng 9, Hàng tháng, Thường xuyên."
)
# As rows stored earlier have it: their English stays.
UNCLEAR_FORMERLY = N_(
    "{why}: “{words}”. Ghi ngày dạng 30/6/2025, hoặc kỳ dạng Quý II/2025, Tháng 9/2025, "
    "Hàng tháng, Thường xuyên."
)
EMPTY = Sentence(N_("ô thời hạn để trống"))
TOO_LONG = N_("dài quá {most} ký tự")
NOTHING_ABOVE = Sentence(N_("không có dòng nào ở trên để lấy thời hạn"))
REASONS = (
    (pattern(vocabulary.ELSEWHERE), N_("thời hạn nằm ở văn bản hoặc kết quả khác")),
    (pattern(vocabulary.WITHOUT_A_DAY), N_("chưa nói rõ ngày nào của mỗi kỳ")),
    (pattern(vocabulary.PERIODIC), N_("chưa nói bao lâu một lần")),
    (pattern(vocabulary.MONTHS_AFTER), N_("thời gian sau một sự việc phải ghi bằng số ngày")),
    (pattern(vocabulary.ONLY_AFTER), N_("chỉ nói sau mốc nào, chưa nói ngày cuối cùng")),
    (pattern(vocabulary.SEVERAL_TIMES), N_("chỉ nói bao nhiêu lần, chưa nói vào ngày nào")),
    (pattern(vocabulary.ABOUT), N_("chỉ nói khoảng chừng, chưa nói ngày cuối cùng")),
)  # fmt: skip


def needs_person(words: str, why: Sentence) -> Deadline:
    """Keep the words and ask: nobody is given a deadline the appendix does not state."""
    text = " ".join(words.split())
    unclear = Sentence(UNCLEAR if text else UNCLEAR_BLANK, {"why": why, "words": text})
    return Deadline(
        "needs_person",
        text,
        (Occurrence("", None, None),),
        Sentence(N_("Cần người đọc: {why}."), {"why": why}),
        warnings=(Remark("deadline_unclear", unclear),),
    )


def reason(words: str) -> Sentence:
    """Say what is not certain about words no wording fits."""
    folded = fold(words)
    found = (why for shape, why in REASONS if shape.fullmatch(folded))
    return Sentence(next(found, N_("không có cách đọc chắc chắn")))
