"""The drawing in a process of its own; hostile files die there."""

import asyncio

from chassis import bounded
from chassis.errors import NotFound, UnsupportedMedia
from chassis.files import StoredFile
from chassis.words import N_

DRAWABLE = frozenset({"pdf", "jpg", "png"})
TIMEOUT = 30.0  # seconds; a page takes a fraction of one, a machine under load thirty times that
_AT_ONCE = asyncio.Semaphore(2)  # per process: drawing takes a core and memory
_NOT_DRAWN = N_("Không hiện được «{name}» trong trang: hãy tải tệp về để xem")
_NO_PAGE = N_("Tệp «{name}» không có trang này")


async def count_pages(file: StoredFile, content: bytes) -> int:
    """Return how many pages a file has. Raises UnsupportedMedia when it cannot be drawn."""
    return int(await _asked(file, content, 0))


async def draw_page(file: StoredFile, content: bytes, number: int) -> bytes:
    """Return a page, from 1 on, as a PNG no wider than a screen.

    Raises NotFound for a page that is not there, UnsupportedMedia when it cannot be drawn.
    """
    picture = await _asked(file, content, number)
    if picture == b"none":
        raise NotFound(_NO_PAGE, code="page_not_found", name=file.name)
    return picture


async def _asked(file: StoredFile, content: bytes, number: int) -> bytes:
    answer = None
    if file.kind in DRAWABLE:
        async with _AT_ONCE:
            answer = await bounded.run(
                "tasks.evidence.drawing", file.kind, str(number), content=content, seconds=TIMEOUT
            )
    if not answer:
        raise UnsupportedMedia(_NOT_DRAWN, code="file_not_drawable", name=file.name)
    return answer
