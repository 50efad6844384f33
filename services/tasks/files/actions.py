"""Evidence files, stored before a result names them."""

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.files import FileStore, StoredFile
from chassis.signatures.checks import look_at
from tasks.files.models import SealedFile


async def upload(
    session: AsyncSession,
    files: FileStore,
    actor: Actor,
    name: str,
    content: bytes,
    *,
    sealed: bool = False,
) -> StoredFile:
    """Check and store a file. Raises as `FileStore.save` does.

    `sealed`: from now on nobody but the uploader finds it, and the audit does not name it.
    """
    file = await files.save(session, name=name, content=content, uploaded_by=actor.person_id)
    facts: dict[str, object] = {"size": file.size, "sha256": file.sha256}
    if sealed:
        session.add(SealedFile(file_id=file.id, about_id=None))
    else:
        facts["name"] = file.name
    now = await database_now(session)
    await traces.leave(session, actor, "file.upload", file.id, now=now, after=facts)
    await look_at(session, actor.person_id, file, content)
    return file
