"""The base of the service's tables; each noun has its own in its `models.py`."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.database import NAMING


class Base(DeclarativeBase):
    """Tables of the notifications service."""

    metadata = MetaData(naming_convention=NAMING)
