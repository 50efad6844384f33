"""Where files lie: a metadata row in the service's database, the bytes in an object store."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID

import obstore
from fastapi import Depends
from obstore.exceptions import BaseError
from obstore.store import LocalStore
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from chassis.bodies import ResponseBody
from chassis.errors import InvalidInput, NotFound, NotStored, TooLarge
from chassis.files.kinds import EVIDENCE, MEDIA_TYPES, Kind, kind_of
from chassis.ids import new_id
from chassis.tables import stored_file

MOST_BYTES = 20 * 1024 * 1024
_LONGEST_NAME = 255


@dataclass(frozen=True)
class StoredFile:
    """The metadata of a file. `size` in bytes, `sha256` in hex, `name` as the person called it."""

    id: UUID
    name: str
    kind: Kind
    size: int
    sha256: str
    state: str
    uploaded_by: UUID | None
    created_at: datetime


class StoredFileView(ResponseBody):
    """What an API says about a file."""

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str


class FileStore:
    """Files of one service under `FILES_URL`, e.g. `file:///var/lib/nhip/files`."""

    def __init__(self, url: str) -> None:
        """Open the store. Raises ValueError for a scheme other than file."""
        parts = urlsplit(url)
        if parts.scheme != "file":
            raise ValueError(f"FILES_URL must begin with file:// and does not: {parts.scheme}://")
        self._store = LocalStore(Path(unquote(parts.path)), mkdir=True)

    async def save(
        self,
        session: AsyncSession,
        *,
        name: str,
        content: bytes,
        uploaded_by: UUID | None,
        allowed: Collection[Kind] = EVIDENCE,
    ) -> StoredFile:
        """Check and store a file; its row is part of the caller's transaction.

        Bytes first: when the transaction fails they lie there unreferenced, which harms nobody.
        Raises TooLarge above 20 MB, InvalidInput when empty, UnsupportedMedia by kind or content,
        NotStored where there is no room.
        """
        if len(content) > MOST_BYTES:
            raise TooLarge("Tệp quá lớn: tối đa {most} MB", code="file_too_large", most=20)
        if not content:
            raise InvalidInput("Tệp «{name}» rỗng", code="file_empty", name=name)
        kind, id_ = kind_of(name, content, allowed), new_id()
        try:
            await obstore.put_async(self._store, str(id_), content)
        except (BaseError, OSError) as error:
            raise NotStored from error
        statement = insert(stored_file).values(
            id=id_,
            name=_tidy(name),
            kind=kind,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=uploaded_by,
        )
        row = (await session.execute(statement.returning(stored_file))).one()
        return StoredFile(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it

    async def find(self, session: AsyncSession, id_: UUID) -> StoredFile:
        """Return a file's metadata. Raises NotFound; who may see it is the caller's question."""
        row = (await session.execute(select(stored_file).where(stored_file.c.id == id_))).first()
        if row is None:
            raise NotFound("Không tìm thấy tệp này", code="file_not_found")
        return StoredFile(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it

    async def read(self, file: StoredFile) -> bytes:
        """Return the content. Raises NotFound when the bytes have gone."""
        try:
            found = await obstore.get_async(self._store, str(file.id))
        except FileNotFoundError as error:
            raise NotFound("Nội dung tệp không còn", code="file_content_missing") from error
        return bytes(await found.bytes_async())

    async def download(self, file: StoredFile) -> Response:
        """Return the file as an attachment that no browser opens in our own name."""
        plain = file.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
        headers = {
            "Content-Disposition": disposition,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        content = await self.read(file)
        return Response(content, media_type=MEDIA_TYPES[file.kind], headers=headers)


def _tidy(name: str) -> str:
    """Return the last part of the name without control characters; it is only ever shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable())
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"


async def _files(request: Request) -> FileStore:
    store: FileStore = request.app.state.files
    return store


Files = Annotated[FileStore, Depends(_files)]
"""The service's file store, as an endpoint asks for it."""
