"""Why an answer is not taken, as a citizen or a kiosk reads it."""

from collections.abc import Collection, Sequence

from chassis.errors import Conflict, NotAllowed, NotFound, ServiceError, TooManyRequests
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from surveys.answers.reading import AnswerError
from surveys.answers.resolved_code import ResolvedCode
from surveys.rounds.domain import Refusal, Why


class Gone(ServiceError):
    """It was here, and is over."""

    code, http_status, title = "gone", 410, N_("Không còn nữa")


class CodeUnknown(NotFound):
    """Malformed, not signed by us, or a link that does not exist or was switched off."""

    def __init__(self) -> None:
        super().__init__(
            N_("Mã không đúng: hãy so lại từng chữ với giấy mời, hoặc quét lại mã QR"),
            code="code_unknown",
        )


class TicketUsed(Gone):
    """Spent; or of so long ago that nobody knows any more which round it was of."""

    def __init__(self) -> None:
        super().__init__(N_("Giấy mời này đã được dùng"), code="ticket_used")


class TicketVoided(Gone):
    """Of a batch that was voided."""

    def __init__(self) -> None:
        super().__init__(
            N_("Tập giấy mời này đã bị hủy; hãy xin nơi phát giấy mời một giấy mới"),
            code="ticket_voided",
        )


class RoundNotOpen(NotAllowed):
    """Too early."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, code=refusal.why.value)
        self.refusal = refusal


class RoundClosed(Gone):
    """Too late."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence, code=refusal.why.value)
        self.refusal = refusal


class ResponseIdTaken(Conflict):
    """Another ballot is stored under this id: a form sent, changed and sent again."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Một phiếu khác với cùng response_id đã được ghi nhận trước đó; phiếu vừa gửi chưa "
                "được ghi nhận. Mỗi phiếu cần một response_id mới"
            ),
            code="response_id_taken",
        )


class TooFewAnswers(Exception):
    """A ballot that would be kept and not counted. `missing`: the items left out."""

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__()
        self.missing = frozenset(missing)


def refused(refusal: Refusal) -> RoundNotOpen | RoundClosed:
    """Return the error of a round that takes no answers now."""
    return (RoundClosed if refusal.why is Why.CLOSED else RoundNotOpen)(refusal)


def refusal_of(resolved: ResolvedCode) -> ServiceError | None:
    """Return why no ballot may come by this code now, None when one may."""
    if resolved.asked.refusal:
        return refused(resolved.asked.refusal)
    if resolved.voided:
        return TicketVoided()
    return TicketUsed() if resolved.spent else None


class LinkFlooded(TooManyRequests):
    """More answers through one open link than any counter sees."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            N_("Liên kết này đang nhận quá nhiều phiếu; hãy gửi lại sau một phút"),
            code="link_flooded",
            headers={"Retry-After": str(seconds)},
        )


class CodesTried(TooManyRequests):
    """More wrong codes from one device than anybody mistypes."""

    def __init__(self) -> None:
        super().__init__(
            N_("Thiết bị này đã thử quá nhiều mã không đúng; hãy so lại mã, thử lại sau một phút"),
            code="codes_tried",
            headers={"Retry-After": "60"},
        )


class AnswersRefused(InputRefused):
    """A ballot with something to correct."""

    def __init__(self, errors: Sequence[AnswerError]) -> None:
        facts = {"count": len(errors), "first": errors[0].sentence}
        sentence = Sentence(N_("Phiếu có {count} chỗ cần xem lại: {first}"), facts)
        problems = [Problem(error.pointer, error.sentence) for error in errors]
        super().__init__("answers_invalid", sentence, problems)
        self.errors = tuple(errors)
