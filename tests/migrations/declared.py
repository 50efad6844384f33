"""The tables a service's code declares."""

import importlib
from importlib.util import find_spec

from sqlalchemy import MetaData, Table

from chassis import tables

SERVICES = ("tasks", "surveys", "notifications", "reporting", "portal")


def metadata_of(service: str) -> MetaData:
    """Return a service's own tables; importing its application imports all its nouns."""
    importlib.import_module(f"{service}.app")
    places = [f"{service}.{name}" for name in ("tables", "models", "sessions")]
    module = importlib.import_module(next(place for place in places if find_spec(place)))
    return module.Base.metadata if hasattr(module, "Base") else module.metadata


def of_chassis(service: str, made: set[str]) -> list[Table]:
    """Return the chassis' tables among those `made` in a service's database."""
    names = made - metadata_of(service).tables.keys()
    return [table for name, table in tables.metadata.tables.items() if name in names]
