"""What every table of the service is made with. Each noun has its own in its `models.py`."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import DateTime, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from chassis.database import NAMING


class Base(DeclarativeBase):
    """Base of all tables; its metadata knows them all once the nouns are imported."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {str: Text, datetime: DateTime(timezone=True)}
