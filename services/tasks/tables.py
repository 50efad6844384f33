"""The declarative base and the column kinds the tables share."""

from datetime import datetime
from typing import Any, ClassVar, get_args

from sqlalchemy import CheckConstraint, DateTime, MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.database import NAMING


class Base(DeclarativeBase):
    """Base of the tables the tasks service owns."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


def one_of(column: str, words: Any) -> CheckConstraint:
    """Allow only the words of a Literal in a column."""
    allowed = ", ".join(f"'{word}'" for word in get_args(words))
    return CheckConstraint(f"{column} IN ({allowed})", name=column)
