"""What can go wrong between a page and the services, as exceptions the pages can show."""

from collections.abc import Mapping, Sequence
from typing import Any


class Problem(Exception):
    """A service refused: RFC 9457. `text` is written for people, `code` is stable."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        """Keep what the service said; `errors` are {pointer, message} of single fields."""
        self.status = status
        self.code = str(body.get("code", ""))
        self.text = str(body.get("detail") or body.get("title") or "")
        self.errors: Sequence[Mapping[str, str]] = body.get("errors") or ()
        super().__init__(f"{status} {self.code}: {self.text}")

    @property
    def fields(self) -> dict[str, str]:
        """Message of each field, by the last part of its JSON pointer."""
        return {
            str(error.get("pointer", "")).rsplit("/", 1)[-1]: str(error.get("message", ""))
            for error in self.errors
        }


class AmbiguousNumber(Problem):
    """A number that may be read in two ways, as it was written, and how to write each of them."""

    def __init__(self, written: str) -> None:
        """Take what was written: 1.000."""
        super().__init__(422, {"code": "number_ambiguous"})
        self.written = written
        self.grouped = written.replace(".", "")
        head, _, last = written.rpartition(".")
        self.fraction = f"{head.replace('.', '')},{last}"


class ServiceDown(Exception):
    """A service did not answer in time, or answered 502, 503 or 504."""

    def __init__(self, service: str) -> None:
        """Remember which one: tasks, surveys, notifications, reporting or issuer."""
        self.service = service
        super().__init__(service)


class SignInNeeded(Exception):
    """No session, or one that the issuer no longer honours."""


class FormRefused(Exception):
    """A form came without the session's own token: another site may have sent it."""
