"""A request body that several nouns take."""

from chassis.web import RequestBody


class NothingBody(RequestBody):
    """An empty object."""
