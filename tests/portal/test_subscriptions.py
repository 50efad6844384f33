"""The pages of other systems' subscriptions: what they show, what they make of forms."""

from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.datastructures import FormData
from tests.portal.test_rights import (
    DELIVERY,
    EVENT_TYPE,
    ID,
    PARTNER,
    SUBSCRIPTION,
    WEBHOOK,
    answers,
    drawn,
)

from contracts.catalogue import declared
from portal import conditions
from portal.format import duration, unaccented
from portal.forms import instant
from portal.labels import LABELS
from portal.pages.subscriptions import filled, read_subscription

__all__ = ["answers"]
QUEUE = {
    "address": "amqps://may-chu.example:5671/partners", "user": "partner_1", "queue": "partner_1",
    "state": "ready", "messages": 49_000, "bytes": 5_000_000, "consumers": 0,
    "measured_at": "2025-03-01T00:00:00Z", "most_messages": 50_000, "most_bytes": 100_000_000,
    "kept_seconds": 1, "full_at": "2025-03-01T02:30:00Z", "dropped": 0, "refused": 0,
    "overflowed_at": None, "recover_from": None,
}  # fmt: skip


def form(**fields: Any) -> FormData:
    return FormData([
        (name, each)
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [str(value)])
    ])  # fmt: skip


async def shown(app: FastAPI, address: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        return await client.get(address)


def test_every_public_event_type_and_no_other_has_words() -> None:
    public = {name for name, event in declared().items() if event.audience == "public"}
    assert set(LABELS["event_type"]) == public


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("data.a.status = done, submitted", {"data.a.status": ["done", "submitted"]}),
        ('data.a.n=1, -20,"3", true,null', {"data.a.n": [1, -20, "3", True, None]}),
        ('data.a.title = "một, hai", ba', {"data.a.title": ["một, hai", "ba"]}),
        ("data.a.n = 1\n\n data.a.n = 2 ", {"data.a.n": [1, 2]}),
        ("data.a.status", {"data.a.status": []}),
        ("data.a.status = ", {"data.a.status": []}),
        ("= done", {"": ["done"]}),
        ("", {}),
    ],
)
def test_conditions_are_read_as_people_write_them(written: str, read: dict[str, Any]) -> None:
    assert conditions.read(written) == read


@pytest.mark.parametrize(
    "value", ["done", "", "12", "true", "a, b", ' "x" ', 'a"b', "=", 0, -7, True, False, None]
)
def test_a_condition_that_is_shown_is_read_back_as_it_was(value: Any) -> None:
    fields = {"data.x": [value, "more"]}
    assert conditions.read(conditions.written(fields)) == fields


def test_none_ticked_is_never_all() -> None:
    nothing = read_subscription(form(name="Kho", which_types="some", units="some"))
    assert (nothing["types"], nothing["unit_ids"]) == ([""], [])
    everything = read_subscription(
        form(name="Kho", which_types="all", types=["tasks.*"], units="all", unit_ids=[ID])
    )
    assert (everything["types"], everything["unit_ids"]) == ([], None)


@pytest.mark.parametrize(("written", "sent"), [("", None), ("7", 7), ("0", 0), ("mười", "mười")])
def test_a_rate_goes_to_the_service_as_it_was_meant(written: str, sent: Any) -> None:
    assert read_subscription(form(rate_per_second=written))["rate_per_second"] == sent


def test_a_subscription_that_is_changed_without_a_change_stays_as_it_was() -> None:
    stored = {**SUBSCRIPTION, "unit_ids": [ID], "fields": {"data.a.n": [1, "1"]},
              "rate_per_second": 5}  # fmt: skip
    sent = read_subscription(form(**filled(stored)))
    assert sent == {name: stored[name] for name in sent}


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("17/11/2025", "14:30", "2025-11-17T14:30:00+07:00"),
        ("17/11/2025", "", "2025-11-17T00:00:00+07:00"),
        ("17/11/2025", "chiều", "2025-11-17Tchiều"),
        ("31/02/2025", "", "“31/02/2025”T00:00"),
        ("", "14:30", ""),
    ],
)
def test_a_day_and_a_time_are_an_instant_here(day: str, time: str, expected: str) -> None:
    assert instant(form(since=day, since_time=time), "since") == expected


def test_spans_are_written_by_their_largest_unit() -> None:
    assert [duration(each) for each in (0, 65, 7300, 200_000)] == [
        "0 giây", "1 phút", "2 giờ", "2 ngày",
    ]  # fmt: skip
    assert duration(None) == "–"
    assert unaccented("Đã Quá HẠN") == "da qua han"


async def test_the_list_says_transport_state_lag_last_error_and_when_a_queue_will_be_full(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    failing = {**SUBSCRIPTION, "last_error": "timeout", "last_error_at": "2025-03-01T01:00:00Z"}
    queued = {**SUBSCRIPTION, "id": "q", "name": "Bản sao", "transport": "amqp", "url": None}
    listed = [failing, queued]
    answers["/v1/subscriptions"] = {"data": listed, "next_cursor": None, "allowed": []}
    answers["/v1/subscriptions/q/queue"] = QUEUE
    html = (await shown(app, f"/partners/{ID}/subscriptions")).text
    for words in ("Kho dữ liệu", "Webhook", "Hàng đợi", "Đang chạy", "3 sự kiện đang chờ",
                  "lâu nhất 1 phút", "không trả lời trong 15 giây", "hàng đợi đầy khoảng",
                  "01/03/2025 09:30"):  # fmt: skip
        assert words in html
    assert "/subscriptions/new" not in html


async def test_event_types_are_found_by_words_without_accents_and_by_what_they_are_about(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    overdue = {**EVENT_TYPE, "type": "tasks.assignment_overdue.v1", "meaning": "Late."}
    figure = {**EVENT_TYPE, "type": "reporting.index_changed.v1", "service": "reporting",
              "deprecated_on": "2026-06-30"}  # fmt: skip
    answers["/v1/event_types"] = {"data": [EVENT_TYPE, overdue, figure]}

    async def found(query: str) -> list[str]:
        html = (await shown(app, f"/event_types?{query}")).text
        return [
            each["type"] for each in (EVENT_TYPE, overdue, figure) if f"/{each['type']}" in html
        ]

    assert await found("q=nhiem+vu+qua+han") == [overdue["type"]]
    assert await found("service=reporting") == [figure["type"]]
    assert await found("q=plan_activated") == [EVENT_TYPE["type"]]
    assert await found("q=không+có") == []
    whole = (await shown(app, "/event_types")).text
    assert "đến 30/06/2026" in whole
    assert 'href="https://nhip.example/docs/events"' in whole


async def test_one_event_type_shows_schema_example_promise_and_copies_both(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    whole = {**EVENT_TYPE, "description": "A plan took effect.", "promise": "Chỉ thêm trường.",
             "schema": {"title": "PlanActivated"}, "example": {"subject": "kế hoạch"}}  # fmt: skip
    answers["/v1/event_types/tasks.plan_activated.v1"] = whole
    html = (await shown(app, "/event_types/tasks.plan_activated.v1")).text
    copied = ('data-copy="schema"', 'data-copy="example"')
    for words in ("PlanActivated", "Chỉ thêm trường.", "Kế hoạch có hiệu lực", *copied):
        assert words in html


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            {"state": "disabled", "state_reason": "bên nhận trả lời 410"},
            "Hệ thống đã dừng: bên nhận",
        ),
        ({"failures_in_row": 3, "last_error": "ConnectError"}, "3 lần lỗi liên tiếp"),
        ({"state": "paused", "state_reason": "bảo trì"}, "bảo trì"),
    ],
)
def test_the_page_says_why_a_subscription_stands_still(state: dict[str, Any], words: str) -> None:
    html = drawn("subscription.html", {**WEBHOOK, "subscription": {**SUBSCRIPTION, **state}})
    assert words in html


def test_a_webhook_without_a_secret_says_that_events_wait_and_offers_no_trial() -> None:
    able = {**SUBSCRIPTION, "allowed": ["rotate_secret", "test"]}
    html = drawn("subscription.html", {**WEBHOOK, "subscription": able, "secrets": []})
    assert "tin chờ đến khi có khóa để ký" in html
    assert "/test" not in html


def test_an_overflowed_queue_offers_to_recover_from_where_it_lost() -> None:
    lost = {
        **QUEUE,
        "overflowed_at": "2025-03-01T02:00:00Z",
        "recover_from": "con-tro",
        "dropped": 9,
    }
    queued = {**SUBSCRIPTION, "transport": "amqp", "allowed": ["recover"]}
    html = drawn("subscription.html", {**WEBHOOK, "subscription": queued, "queue": lost})
    assert 'value="con-tro"' in html
    assert "tràn" in html


def test_a_delivery_says_what_came_back_and_looks_again_only_while_it_is_on_its_way() -> None:
    view = {"subscription": {"id": ID}}
    settled = drawn("subscriptions/outcome.html", {**view, "d": DELIVERY})
    assert "HTTP 500" in settled
    assert "hx-get" not in settled
    waiting = {**DELIVERY, "state": "pending", "attempts": 0, "status": 200, "error": None}
    html = drawn("subscriptions/outcome.html", {**view, "d": waiting})
    assert "hx-get" in html
    assert "HTTP 200" not in html, "the answer of an earlier attempt"


async def test_deliveries_are_filtered_by_state_and_only_what_may_be_is_sent_again(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/subscriptions/{ID}"] = SUBSCRIPTION
    again = {**DELIVERY, "id": "again", "allowed": ["retry"]}
    answers["/v1/deliveries"] = {"data": [{**DELIVERY, "allowed": []}, again], "next_cursor": "c2"}
    html = (await shown(app, f"/subscriptions/{ID}/deliveries?state=failed")).text
    assert "/deliveries/again/retry" in html
    assert f"/deliveries/{ID}/retry" not in html
    assert "state=failed&amp;cursor=c2" in html
    assert (await shown(app, f"/subscriptions/{ID}/deliveries?state=nothing")).status_code == 404


async def test_the_part_that_looks_again_leads_back_to_its_page(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/deliveries/{ID}"] = {**DELIVERY, "allowed": ["retry"]}
    html = (await shown(app, f"/subscriptions/{ID}/deliveries/{ID}/outcome")).text
    assert "<html" not in html
    assert f'name="back" value="/subscriptions/{ID}/deliveries/{ID}"' in html


async def test_a_delivery_of_another_subscription_is_not_there(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/subscriptions/{ID}"] = SUBSCRIPTION
    answers[f"/v1/deliveries/{ID}"] = {**DELIVERY, "subscription_id": "another"}
    assert (await shown(app, f"/subscriptions/{ID}/deliveries/{ID}")).status_code == 404


@pytest.mark.parametrize("act", ["rotate_secret", "password"])
def test_what_is_shown_once_is_not_shown_for_a_repeated_request(act: str) -> None:
    first = {
        "secret": "whsec_x",
        "address": "amqps://x",
        "user": "u",
        "password": "pw",
        "queue": "u",
    }
    view = {"subscription": SUBSCRIPTION, "act": act}
    html = drawn("subscriptions/once.html", {**view, "made": first})
    assert ("whsec_x" if act == "rotate_secret" else "pw") in html
    repeated = drawn(
        "subscriptions/once.html", {**view, "made": {**first, "secret": "", "password": None}}
    )
    assert "Đã hiện một lần" in repeated


async def test_the_form_offers_each_type_in_words_and_keeps_what_was_chosen(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    chosen = {**SUBSCRIPTION, "types": ["tasks.plan_activated.v1"], "allowed": ["change"],
              "fields": {"data.plan.status": ["active"]}}  # fmt: skip
    answers[f"/v1/subscriptions/{ID}"] = chosen
    html = (await shown(app, f"/subscriptions/{ID}/edit")).text
    assert "Kế hoạch có hiệu lực" in html
    assert "data.plan.status = active" in html
    ticked = html.partition('value="tasks.plan_activated.v1"')[2][:60]
    assert "checked" in ticked
    assert PARTNER["event_types"][0] in html


async def test_a_feed_says_where_it_is_read_and_where_its_token_is_had(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/subscriptions/{ID}"] = {**SUBSCRIPTION, "transport": "feed"}
    html = (await shown(app, f"/subscriptions/{ID}")).text
    assert f"https://nhip.example/v1/events?subscription_id={ID}&amp;wait=30" in html
    assert "https://nhip.example/v1/partners/token" in html


async def test_a_partner_with_a_live_key_says_where_a_token_is_had(
    app: FastAPI, answers: dict[str, Any]
) -> None:
    answers[f"/v1/partners/{ID}/access"] = {"data": [], "next_cursor": None}
    token = "https://nhip.example/v1/partners/token"
    assert token in (await shown(app, f"/partners/{ID}")).text
    revoked = {**PARTNER["credentials"][0], "revoked_at": "2025-03-01T00:00:00Z"}
    answers[f"/v1/partners/{ID}"] = {**PARTNER, "credentials": [revoked]}
    assert token not in (await shown(app, f"/partners/{ID}")).text


def test_a_new_key_says_how_it_becomes_a_token() -> None:
    made = {"client_id": "ma-khach", "client_secret": "nhip_x"}
    view = {"partner": PARTNER, "credential": made, "service": "https://nhip.example"}
    html = unescape(drawn("partners/key.html", view))
    assert 'curl -u "ma-khach:$CLIENT_SECRET"' in html
    assert "https://nhip.example/v1/partners/token" in html


def test_revoking_a_key_says_that_webhooks_and_queues_go_on() -> None:
    key = PARTNER["credentials"][0]
    for credential, there in ((key, True), (None, False)):
        html = drawn("partners/ask.html", {"partner": PARTNER, "credential": credential})
        assert ("Webhook và hàng đợi vẫn chạy" in html) is there
