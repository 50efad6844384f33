"""The routes of the made-up service."""

import asyncio
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import File, Query, Response, UploadFile
from pydantic import Field
from sqlalchemy import Integer, Text, Uuid, column, desc, select, table, text

from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.web import (
    INTERNAL,
    PUBLIC,
    CurrentActor,
    CurrentCaller,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    check_version,
    paginate,
    set_etag,
)
from chassis.words import Sentence

POLICIES = {"note.read": ["office", "director"], "note.write": ["office"]}
note = table("note", column("id", Uuid), column("title", Text), column("place", Integer))
INSERT = text("INSERT INTO note (id, title, place, version) VALUES (:id, :title, :place, 1)")


class NewNote(RequestBody):
    """A note to be written down."""

    title: Annotated[str, Field(min_length=3, max_length=40)]
    place: int = 0


class NoteView(ResponseBody):
    id: UUID
    title: str
    place: int


class Shown(ResponseBody):
    points: Decimal


def notebook() -> ServiceRouter:  # noqa: C901 - many small routes
    router = ServiceRouter(prefix="/v1", tags=["notes"])

    @router.post("/notes", policy="note.write", status_code=201)
    async def add(body: NewNote, session: Transaction, response: Response) -> NoteView:
        """Write a note down. 409 `note_forbidden` for a forbidden title."""
        row = {"id": new_id(), "title": body.title, "place": body.place}
        await session.execute(INSERT, row)
        if body.title == "cấm":
            raise Conflict("Không được ghi «{title}»", code="note_forbidden", title=body.title)
        if body.title == "đầy":
            raise RuleBroken("notebook_full", Sentence("Sổ «{title}»", {"title": body.title}))
        if body.title == "nhầm":
            whole = Sentence("Ghi chú sai")
            raise InputRefused("note_wrong", whole, [Problem("/place", Sentence("Sai chỗ"))])
        if body.title == "lỗi":
            raise RuntimeError("mật khẩu của tôi")
        if body.title == "chậm":
            await asyncio.sleep(0.5)
        set_etag(response, 1)
        return NoteView.model_validate(row)

    @router.get("/notes", policy="note.read")
    async def list_notes(session: Transaction, paging: PageParams) -> Page[NoteView]:
        statement = select(note.c.id, note.c.title, note.c.place)
        rows, cursor = await paginate(session, statement, paging, note.c.place, note.c.id)
        return Page(data=[NoteView.model_validate(row) for row in rows], next_cursor=cursor)

    @router.get("/newest", policy="note.read")
    async def list_newest(session: Transaction, paging: PageParams, q: str = "") -> Page[UUID]:
        statement = select(note.c.id).where(note.c.title.contains(q))
        rows, cursor = await paginate(session, statement, paging, desc(note.c.id))
        return Page(data=rows, next_cursor=cursor)

    @router.patch("/notes/{id}", policy="note.write")
    async def change(id: UUID, body: NewNote, session: Transaction, version: IfMatch) -> None:
        query = text("SELECT version FROM note WHERE id = :id FOR UPDATE")
        current = await session.scalar(query, {"id": id})
        if current is None:
            raise NotFound("Không tìm thấy ghi chú")
        check_version(current, version)
        update = text("UPDATE note SET title = :title, version = version + 1 WHERE id = :id")
        await session.execute(update, {"title": body.title, "id": id})

    @router.post("/pictures", policy="note.write", status_code=201)
    async def picture(file: Annotated[UploadFile, File()], session: Transaction) -> int:
        content = await file.read()
        row = {"id": new_id(), "title": file.filename, "place": len(content)}
        await session.execute(INSERT, row)
        return len(content)

    @router.get("/me", policy="note.read")
    async def me(actor: CurrentActor) -> dict[str, str]:
        return {"id": str(actor.person_id), "role": actor.role, "unit": str(actor.unit_id)}

    @router.get("/points", policy=PUBLIC)
    async def points(of: Annotated[list[str], Query(default_factory=list)]) -> Shown:
        return Shown(points=Decimal("87.250000"))

    @router.get("/inside", policy=INTERNAL)
    async def inside(caller: CurrentCaller) -> str:
        return caller.name

    return router
