"""Bases of request and answer bodies."""

from pydantic import BaseModel, ConfigDict


class RequestBody(BaseModel):
    """A request body. Fields it does not name are refused; outer blanks are cut off."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ResponseBody(BaseModel):
    """An answer. Decimals are JSON strings, instants UTC with `Z`, dates plain."""

    model_config = ConfigDict(from_attributes=True)


class Nothing(RequestBody):
    """An empty object: the act needs to be told nothing more."""
