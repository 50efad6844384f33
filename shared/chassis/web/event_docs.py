"""`/docs/events`: an AsyncAPI document on one page, as `/docs` is of OpenAPI, and as it is."""

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from chassis.web.docs import STYLE, prose, sketch

PAGE, DOCUMENT = "/docs/events", "/asyncapi.json"
Document = Mapping[str, Any]


def event_docs_routes(document: Callable[[], Document]) -> list[Route]:
    """Return the routes of the page and of the document."""

    async def docs(_: Request) -> Response:
        return HTMLResponse(page(document()))

    async def machine_readable(_: Request) -> Response:
        return JSONResponse(document())

    return [Route(PAGE, docs), Route(DOCUMENT, machine_readable)]


def page(document: Document) -> str:
    """Return the page of an AsyncAPI 3 document."""
    title = escape(document["info"]["title"])
    messages = document["components"]["messages"].values()
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>"
        f"{prose(document['info'].get('description', ''))}"
        f"<p>Machine-readable: <a href={DOCUMENT}>asyncapi.json</a> (AsyncAPI "
        f"{escape(document['asyncapi'])}); the routes: <a href=/docs>/docs</a></p>"
        f"<h2>Ways</h2>{''.join(_way(each, document) for each in document['operations'].values())}"
        f"<h2>Envelope</h2>{_envelope(document)}"
        f"<h2>Events</h2>{''.join(_message(each, document) for each in messages)}</body></html>"
    )


def _way(operation: Document, document: Document) -> str:
    channel = document["channels"][_last(operation["channel"])]
    server = document["servers"][_last(channel["servers"][0])]
    security = document["components"]["securitySchemes"][_last(server["security"][0])]
    place = f"{server['protocol']}://{server['host']}{channel['address'] or ''}"
    return (
        f"<h3>{escape(channel['title'])}</h3><p><code>{escape(place)}</code></p>"
        f"{prose(operation['summary'])}{prose(server['description'])}"
        f"{prose(security['description'])}"
    )


def _envelope(document: Document) -> str:
    first = next(iter(document["components"]["messages"].values()))
    return sketch(first["payload"]["allOf"][0], document)


def _message(message: Document, document: Document) -> str:
    own = message["payload"]["allOf"][1]["properties"]
    example = json.dumps(message["examples"][0]["payload"], ensure_ascii=False, indent=2)
    name = escape(message["name"])
    return (
        f"<details id={name}><summary><span class=path>{name}</span><br>"
        f"{escape(message['summary'])}</summary><div><p>data</p>{sketch(own['data'], document)}"
        f"<p>Example</p><pre>{escape(example, quote=False)}</pre></div></details>"
    )


def _last(reference: Document) -> str:
    return str(reference["$ref"]).rpartition("/")[2]
