"""What other systems may be told: every public event type, its schema, its example."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response

from portal.format import unaccented
from portal.labels import label
from portal.visit import Visit, Visitor, portal_of

router = APIRouter()
SERVICE = "notifications"


@router.get("/event_types")
async def listing(visit: Visitor, q: str = "", service: str = "") -> Response:
    """Show the types that fit some words, by what they are called in the page's language, too."""
    found = (await visit.api.get(SERVICE, "/v1/event_types"))["data"]
    services = sorted({each["service"] for each in found})
    types = [each for each in found if service in {"", each["service"]} and _fits(visit, each, q)]
    page = f"{portal_of(visit.request).for_partners}/docs/events"
    return visit.page(
        "event_types.html", types=types, services=services, q=q, service=service, page=page
    )


@router.get("/event_types/{type}")
async def show(visit: Visitor, type: str) -> Response:
    """Show one type whole, its schema and its example ready to be copied."""
    found = await visit.api.get(SERVICE, f"/v1/event_types/{quote(type, safe='')}")
    texts = {name: _readable(found[name]) for name in ("schema", "example")}
    return visit.page("event_type.html", found=found, texts=texts)


def _fits(visit: Visit, entry: Mapping[str, Any], words: str) -> bool:
    translations = portal_of(visit.request).renderer.translations
    translate = translations[visit.request.state.language].gettext
    said = f"{entry['type']} {label(translate, 'event_type', entry['type'])} {entry['meaning']}"
    return all(word in unaccented(said) for word in unaccented(words).split())


def _readable(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
