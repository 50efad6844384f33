"""The catalogue: what other systems may read about the events, from the contracts themselves."""

import pytest
from tests.notifications import world as w

from contracts.catalogue import declared

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


async def test_an_unchanged_catalogue_is_not_sent_again(partner):
    for path in ("/v1/event_types", f"/v1/event_types/{PUBLIC[0]}"):
        etag = (await partner.get(path)).headers["ETag"]
        again = await partner.get(path, headers={"If-None-Match": f'"x", W/{etag}'})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_catalogue_is_no_page_for_everybody(as_person):
    assert w.PEOPLE["officer_cchc"][0] == "unit_officer"
    assert (await (await as_person("officer_cchc")).get("/v1/event_types")).status_code == 403
