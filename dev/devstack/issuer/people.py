"""The people one may sign in as, from demo/people.yaml."""

import uuid
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError


class DemoPerson(BaseModel):
    """A post of the demo; no real or invented person."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    employee_code: str
    name: str
    post: str
    email: str
    role: str
    unit: str | None = None

    @property
    def subject(self) -> str:
        """The `sub` of this person's tokens: opaque, the same for ever."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"nhip-cchc/development/{self.employee_code}"))


_people = TypeAdapter(list[DemoPerson])


def read_people(path: Path) -> list[DemoPerson]:
    """Return the people in the order of the file; none when it is missing.

    Read on each call: the file may be edited while the issuer runs. Raises ValueError when it is
    not a list of people.
    """
    if not path.exists():
        return []
    content = yaml.safe_load(path.read_text()) or []
    if isinstance(content, dict):
        content = content.get("people", [])
    try:
        return _people.validate_python(content)
    except ValidationError as error:
        raise ValueError(f"{path}: {error}") from error


def find_person(path: Path, employee_code: str) -> DemoPerson | None:
    """Return the person with this code, or None."""
    return next((p for p in read_people(path) if p.employee_code == employee_code), None)
