"""`/docs`: the API on one page, made here from the OpenAPI document; no script, no other host."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from chassis.web.codes import CODES
from chassis.web.schemas import shape

_METHODS = ("get", "post", "put", "patch", "delete")
_CODE_IN_PROSE = re.compile(r"\b([45]\d\d) `([a-z][a-z0-9_]+)`")
_CODE = re.compile(r"`([^`]+)`")
STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: #1a5fb4 }
@media (prefers-color-scheme: dark) { :root { --accent: #78aeed } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0 }
summary { padding: .5rem .75rem; cursor: pointer; overflow-wrap: anywhere }
details > div { padding: 0 .75rem .75rem; border-top: 1px solid var(--line) }
code, pre, .path { font-family: ui-monospace, monospace; font-size: .9em }
pre { background: var(--soft); padding: .75rem; border-radius: 6px; overflow-x: auto }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; color: var(--accent) }
.policy { float: right; font-size: .85em; border: 1px solid var(--line); border-radius: 1rem;
  padding: 0 .6rem; margin-left: .5rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem;
  border-bottom: 1px solid var(--line) }
:target { background: #fd85 }
"""


def docs_route(app: FastAPI) -> Route:
    """Return the route of the page."""

    async def docs(_: Request) -> Response:
        return HTMLResponse(page(app.openapi()))

    return Route("/docs", docs)


def page(document: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    groups: dict[str, list[str]] = {}
    for path, operations in document.get("paths", {}).items():
        for method in _METHODS:
            if method in operations:
                tag = (operations[method].get("tags") or ["other"])[0]
                shown = _operation(path, method, operations[method], document)
                groups.setdefault(tag, []).append(shown)
    title = escape(document["info"]["title"])
    about = prose(document["info"].get("description", ""))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(shown)}" for tag, shown in groups.items())
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{about}"
        "<p>Machine-readable: <a href=/openapi.json>openapi.json</a></p>"
        f"{body}<h2>Codes of failures</h2>{_codes()}</body></html>"
    )


def _operation(
    path: str, method: str, operation: Mapping[str, Any], document: Mapping[str, Any]
) -> str:
    policy = escape(operation.get("x-policy", "public"))
    parts = [
        prose(operation.get("description", "")),
        _parameters(operation.get("parameters", []), document),
        _body(operation.get("requestBody"), document),
        *(_answer(code, answer, document) for code, answer in operation["responses"].items()),
    ]
    return (
        f"<details><summary><span class=policy title=policy>{policy}</span>"
        f"<span class=method>{method.upper()}</span><span class=path>{escape(path)}</span><br>"
        f"{escape(operation.get('summary', ''))}</summary><div>{''.join(parts)}</div></details>"
    )


def prose(text: str) -> str:
    """Return paragraphs; `409 `code`` in a docstring is where that code is documented."""
    safe = escape(text, quote=False)
    safe = _CODE_IN_PROSE.sub(r'\1 <code id="\2">\2</code>', safe)
    safe = _CODE.sub(r"<code>\1</code>", safe)
    return "".join(f"<p>{part}</p>" for part in safe.split("\n\n") if part)


def _parameters(parameters: Iterable[Mapping[str, Any]], document: Mapping[str, Any]) -> str:
    rows = [
        f"<tr><td><code>{escape(p['name'])}</code>{' *' if p.get('required') else ''}"
        f"<td>{p['in']}<td><code>{escape(shape(p.get('schema', {}), document))}</code>"
        f"<td>{escape(p.get('description', ''))}"
        for p in parameters
    ]
    head = "<tr><th>parameter<th>in<th>type<th>"
    return f"<table>{head}{''.join(rows)}</table>" if rows else ""


def _body(body: Mapping[str, Any] | None, document: Mapping[str, Any]) -> str:
    return "".join(
        f"<p>Body, <code>{escape(kind)}</code></p>{sketch(content.get('schema', {}), document)}"
        for kind, content in (body or {}).get("content", {}).items()
    )


def _answer(code: str, answer: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    if code == "default":
        return ""
    shown = "".join(
        sketch(content["schema"], document)
        for content in answer.get("content", {}).values()
        if content.get("schema")
    )
    return f"<p>Answer {escape(code)}</p>{shown}"


def sketch(schema: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    return f"<pre>{escape(shape(schema, document), quote=False)}</pre>"


def _codes() -> str:
    rows = [
        f"<tr id={code}><td>{status}<td><code>{code}</code><td>{escape(meaning)}"
        for code, (status, meaning) in sorted(CODES.items(), key=lambda item: item[1])
    ]
    return f"<table><tr><th>status<th>code<th>when{''.join(rows)}</table>"
