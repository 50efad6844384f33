"""Files that are kept to a few."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base


class SealedFile(Base):
    """A file of something that few may know of: whoever else asks for it finds nothing.

    `about_id`: the person it is about, who finds nothing either, whatever their role; None: nobody
    has said that yet, and it is there for whoever uploaded it alone.
    """

    __tablename__ = "sealed_file"

    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    about_id: Mapped[UUID | None]
