"""Why an answer is not taken, as a citizen or a kiosk reads it."""

from collections.abc import Sequence

from chassis.errors import NotAllowed, NotFound, ServiceError, TooManyRequests
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from surveys.answers.reading import AnswerError
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
    """Signed by us and spent."""

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


def refused(refusal: Refusal) -> RoundNotOpen | RoundClosed:
    """Return the error of a round that takes no answers now."""
    return (RoundClosed if refusal.why is Why.CLOSED else RoundNotOpen)(refusal)


class LinkFlooded(TooManyRequests):
    """More answers through one open link than any counter sees."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            N_("Liên kết này đang nhận quá nhiều phiếu; hãy gửi lại sau một phút"),
            code="link_flooded",
            headers={"Retry-After": str(seconds)},
        )


class AnswersRefused(InputRefused):
    """A ballot with something to correct."""

    def __init__(self, errors: Sequence[AnswerError]) -> None:
        facts = {"count": len(errors), "first": errors[0].sentence}
        sentence = Sentence(N_("Phiếu có {count} chỗ cần xem lại: {first}"), facts)
        problems = [Problem(error.pointer, error.sentence) for error in errors]
        super().__init__("answers_invalid", sentence, problems)
        self.errors = tuple(errors)
