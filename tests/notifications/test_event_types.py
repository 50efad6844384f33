"""The catalogue: what other systems may read about the events, from the contracts themselves."""

import datetime as dt
import json
import re

import httpx
import pytest
from tests.notifications import world as w

from contracts.catalogue import declared
from notifications.subscribers.catalogue.asyncapi import asyncapi

PUBLIC = sorted(name for name, event in declared().items() if event.audience == "public")


@pytest.fixture
async def partner(as_person):
    """A client of another system."""
    return await as_person("external")


async def test_every_public_type_is_listed_and_no_internal_one(partner):
    listed = (await partner.get("/v1/event_types")).json()["data"]
    assert [each["type"] for each in listed] == PUBLIC
    assert all(each["meaning"] and each["deprecated_on"] is None for each in listed)
    internal = [name for name in declared() if name not in PUBLIC]
    for name in (*internal, "tasks.khong_co.v1"):
        answer = await partner.get(f"/v1/event_types/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "event_type_not_found")
        assert name in answer.json()["detail"]


async def test_a_type_alone_has_its_schema_an_example_that_fits_and_the_promise(partner):
    for name in PUBLIC:
        whole = (await partner.get(f"/v1/event_types/{name}")).json()
        event = declared()[name]
        assert whole["schema"] == event.model_json_schema()
        assert event.model_validate(whole["example"]["data"])
        assert whole["example"]["type"] == name
        assert (whole["version"], "aggregateversion" in whole["promise"]) == (1, True)
    english = {"Accept-Language": "en"}
    told = (await partner.get(f"/v1/event_types/{PUBLIC[0]}", headers=english)).json()["promise"]
    assert told.startswith("Within a version")


async def test_a_type_that_has_a_successor_says_until_when_it_is_sent(partner, monkeypatch):
    event = declared()[PUBLIC[0]]
    monkeypatch.setattr(event, "deprecated_on", dt.date(2026, 7, 1))
    first, second = (await partner.get("/v1/event_types")).json()["data"][:2]
    assert (first["deprecated_on"], second["deprecated_on"]) == ("2026-07-01", None)
    assert asyncapi.__wrapped__()["components"]["messages"][event.__name__]["summary"].endswith(
        " Sent until 2026-07-01: a newer version stands beside it."
    )


async def test_asyncapi_is_served_whole_with_every_way_and_public_events_alone(api):
    async with httpx.AsyncClient(base_url=api) as anybody:
        document = (await anybody.get("/asyncapi.json")).json()
    assert [each["name"] for each in document["components"]["messages"].values()] == PUBLIC
    for message in document["components"]["messages"].values():
        [given] = message["examples"]
        assert declared()[message["name"]].model_validate(given["payload"]["data"])
        assert "actorid" not in given["payload"]
    assert list(document["channels"]) == ["feed", "webhook", "queue"]
    for server in document["servers"].values():
        assert server["security"]
    references = re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))
    for reference in references:
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    assert len(references) > len(PUBLIC)


async def test_the_page_of_the_events_shows_each_way_and_each_event_with_its_example(api):
    async with httpx.AsyncClient(base_url=api) as anybody:
        answer = await anybody.get("/docs/events")
    assert answer.headers["content-type"].startswith("text/html")
    for shown in ("https://{host}/v1/events", "amqps://{broker}/{queue}", "https://{receiver}"):
        assert shown in answer.text
    assert re.findall("<details id=([^>]+)>", answer.text) == PUBLIC


async def test_an_unchanged_catalogue_is_not_sent_again(partner):
    for path in ("/v1/event_types", f"/v1/event_types/{PUBLIC[0]}"):
        etag = (await partner.get(path)).headers["ETag"]
        again = await partner.get(path, headers={"If-None-Match": f'"x", W/{etag}'})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_catalogue_is_no_page_for_everybody(as_person):
    assert w.PEOPLE["officer_cchc"][0] == "unit_officer"
    assert (await (await as_person("officer_cchc")).get("/v1/event_types")).status_code == 403
