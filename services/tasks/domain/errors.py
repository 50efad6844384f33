"""What a rule says when it refuses. Doors translate it; the domain knows no HTTP."""


class RuleBroken(Exception):
    """A rule forbids the act. `code` is stable and public, `message` is Vietnamese, for people."""

    def __init__(self, code: str, message: str) -> None:
        """Keep both: the code for programs, the message for the officer."""
        super().__init__(message)
        self.code = code
        self.message = message
