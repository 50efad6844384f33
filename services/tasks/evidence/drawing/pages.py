"""Pages of PDFs by PDFium, pictures by Pillow; both drawn anew as PNG."""

from io import BytesIO

import pypdfium2
from PIL import Image, ImageOps

WIDTH, HEIGHT = 1200, 1700  # most pixels: a page of A4 is read without zooming
_POINTS_TO_PIXELS = 2.0  # at most
_MOST_PIXELS = 80_000_000  # of a photograph, before it is made smaller
_KINDS = {"jpg": "JPEG", "png": "PNG"}


def count(kind: str, content: bytes) -> int:
    """Return the number of pages; a picture has one. Raises what the libraries do."""
    if kind == "pdf":
        return len(pypdfium2.PdfDocument(content))
    _opened(kind, content)
    return 1


def draw(kind: str, content: bytes, number: int) -> bytes | None:
    """Return a page, from 1 on, as PNG; None when it is not there."""
    picture = _page(content, number) if kind == "pdf" else _picture(kind, content, number)
    if picture is None:
        return None
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _page(content: bytes, number: int) -> Image.Image | None:
    document = pypdfium2.PdfDocument(content)
    if number > len(document):
        return None
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(_POINTS_TO_PIXELS, WIDTH / max(width, 1), HEIGHT / max(height, 1))
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture


def _picture(kind: str, content: bytes, number: int) -> Image.Image | None:
    if number != 1:
        return None
    opened = _opened(kind, content)
    opened.draft("RGB", (WIDTH, HEIGHT))
    turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((WIDTH, HEIGHT))
    return turned.convert("RGB")


def _opened(kind: str, content: bytes) -> Image.Image:
    opened = Image.open(BytesIO(content), formats=[_KINDS[kind]])
    if opened.width * opened.height > _MOST_PIXELS:
        raise ValueError("a picture too large to be drawn")
    return opened
