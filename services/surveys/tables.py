"""What the tables of every noun have in common."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase

from chassis.database import NAMING


def one_of(column: str, *words: str) -> CheckConstraint:
    """Allow only these words in a column."""
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=column)


class Base(DeclarativeBase):
    """Base of the tables the surveys service owns."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text,
        int: BigInteger,
        dict[str, Any]: JSONB,
        list[UUID]: ARRAY(Uuid),
    }
