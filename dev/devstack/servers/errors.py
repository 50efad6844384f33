"""The one error of this package; its text is shown to the person as it is."""


class ServerFailed(Exception):
    """A private server could not be installed or started. The text says why and what to do."""
