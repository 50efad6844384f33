"""The look of the development pages: templates and one style sheet, no script."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

HERE = Path(__file__).parent
_environment = Environment(loader=FileSystemLoader(HERE), autoescape=True)
POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; img-src 'self' data:"


def page(template: str, status: int = 200, *, policy: str = POLICY, **values: Any) -> HTMLResponse:
    """Return a rendered page that may load nothing but our own style sheet."""
    text = _environment.get_template(template).render(**values)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)


async def _style(_: object) -> FileResponse:
    return FileResponse(HERE / "style.css", media_type="text/css")


style_route = Route("/style.css", _style)
