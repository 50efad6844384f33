"""Signing, waiting, and where webhooks may go: no server needed."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from chassis.rules import WrongValue
from notifications.subscribers.webhooks.guard import (
    Allowed,
    Refused,
    check_url,
    chosen,
    is_public,
)
from notifications.subscribers.webhooks.retrying import (
    ATTEMPTS,
    LONGEST_ASKED,
    WAITS,
    Answer,
    alarm,
    asked,
    hold,
    next_wait,
)
from notifications.subscribers.webhooks.signing import new_secret, signed

NOW = datetime(2025, 11, 3, 8, 30, tzinfo=UTC)
BODY = '{"id":"1","data":{"title":"Rà soát tiến độ"}}'.encode()
FAILED = Answer(500, "HTTP 500")


def test_a_library_of_others_accepts_our_signature_with_each_of_two_live_secrets():
    old, new = new_secret(), new_secret()
    headers = signed([new, old], "0198c2f0", datetime.now(UTC), BODY)
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, headers) == {
            "id": "1",
            "data": {"title": "Rà soát tiến độ"},
        }
    assert headers["webhook-id"] == "0198c2f0"


@pytest.mark.parametrize("wrong", ["body", "id", "time", "secret", "late"])
def test_that_library_refuses_whatever_was_changed_on_the_way(wrong):
    secret = new_secret()
    sent_at = datetime.now(UTC) - timedelta(minutes=6 if wrong == "late" else 0)
    headers = signed([secret], "0198c2f0", sent_at, BODY)
    if wrong == "id":
        headers["webhook-id"] = "0198c2f1"
    if wrong == "time":
        headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - 1)
    given = BODY + b" " if wrong == "body" else BODY
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret() if wrong == "secret" else secret).verify(given, headers)


def test_ten_attempts_fill_three_days():
    assert (ATTEMPTS, sum(WAITS, timedelta(0))) == (10, timedelta(hours=75, minutes=35, seconds=5))
    assert [next_wait(n, FAILED, NOW) for n in range(1, 10)] == list(WAITS)
    assert next_wait(10, FAILED, NOW) is None


def test_luck_spreads_the_waits_by_a_tenth():
    assert next_wait(4, FAILED, NOW, luck=1.0) == timedelta(hours=2, minutes=12)


def test_only_2xx_is_taken_and_410_is_the_end():
    assert [Answer(status).taken for status in (200, 204, 299, 199, 301, 302, 400, 500, None)] == [
        True, True, True, False, False, False, False, False, False,
    ]  # fmt: skip
    assert next_wait(1, Answer(410), NOW) is None
    assert Answer(410).gone


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), (" 7 ", 7), ("Mon, 03 Nov 2025 08:31:40 GMT", 100), ("-5", 0), ("soon", 0),
     (None, 0), ("", 0), ("Mon, 03 Nov 2025 08:00:00 GMT", 0), ("1e9", 0), ("٣", 0),
     ("Mon, 03 Nov 2025 99999999999999999999:31:40 GMT", 0),
     ("Mon, 03 Nov 2025 08:31:40 +999999999999", 0), ("Mon, 03 Nov 99999 08:31:40 GMT", 0),
     ("99999999999999", LONGEST_ASKED.total_seconds()), ("86400", LONGEST_ASKED.total_seconds())],
)  # fmt: skip
def test_retry_after_is_honoured_as_seconds_or_a_date_up_to_a_cap(said, seconds):
    assert asked(said, NOW) == timedelta(seconds=seconds)


def test_a_receiver_that_asks_for_longer_gets_it_and_never_less_than_our_own_wait():
    assert next_wait(1, Answer(503, retry_after="90"), NOW) == timedelta(seconds=90)
    assert next_wait(2, Answer(503, retry_after="90"), NOW) == timedelta(minutes=5)


def test_a_busy_receiver_is_left_alone_for_twice_the_time():
    for status in (429, 502, 504):
        assert hold(2, Answer(status), NOW) == timedelta(seconds=10)
    assert hold(2, FAILED, NOW) == timedelta(seconds=5)
    assert hold(50, FAILED, NOW) == timedelta(minutes=5)
    assert hold(1, Answer(429, retry_after="600"), NOW) == timedelta(minutes=10)


def test_people_are_told_at_50_70_90_and_100_percent_once_each():
    told, heard = 0, []
    for attempts in range(1, 11):
        if (percent := alarm(attempts, attempts + 3, told)) is not None:
            heard.append((attempts, percent))
            told = percent
    assert heard == [(5, 50), (7, 70), (9, 90), (10, 100)]


def test_one_event_that_alone_is_refused_alarms_nobody():
    assert alarm(10, 2, 0) is None


OURS = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.1", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1",
    "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:7f00:1::", "2001:db8::1",
    "::127.0.0.1", "::10.0.0.1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]  # fmt: skip


@pytest.mark.parametrize("address", OURS)
def test_no_inner_address_is_public_however_it_is_spelt(address):
    assert not is_public(ip_address(address))
    with pytest.raises(Refused):
        chosen("evil.example", 443, [address], Allowed())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_is_connected_to(address):
    assert chosen("partner.example", 443, [address], Allowed()) == str(ip_address(address))


def test_one_inner_address_among_public_ones_refuses_the_name():
    with pytest.raises(Refused):
        chosen("evil.example", 443, ["8.8.8.8", "10.0.0.5"], Allowed())
    with pytest.raises(Refused):
        chosen("nowhere.example", 443, [], Allowed())


@pytest.mark.parametrize(
    "url",
    ["http://partner.example/in", "https://partner.example:8443/in", "ftp://partner.example/",
     "https://user:pass@partner.example/", "https://user@partner.example/", "https:///in", "/in",
     "", "https://partner.example/#x", "https://partner.example/a b", "https://10.0.0.7/in",
     "https://[::1]/in", "https://[::ffff:10.0.0.7]/", "https://169.254.169.254/latest",
     "https://partner.example:0/", "https://partner.example:99999/", "http://partner.example:443/",
     "https://partner.example\\@10.0.0.1/", "https://tỉnh.example/", "javascript:alert(1)",
     "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
     "https://0/", "https://localhost/", "https://localhost./", "https://a.localhost/",
     "https://partner.example/" + "a" * 2000],
)  # fmt: skip
def test_an_address_that_is_no_public_https_address_is_refused(url):
    with pytest.raises(WrongValue):
        check_url(url, Allowed())


def test_a_public_https_address_is_taken():
    for url in (
        "https://partner.example/in?a=1",
        "https://8.8.8.8/",
        "https://partner.example:443",
    ):
        check_url(url, Allowed())


def test_an_installation_may_allow_hosts_and_networks_with_their_port_and_nothing_beside():
    allowed = Allowed.of(
        "127.0.0.1:9100, 10.20.0.0/16, listener.lan:8443, [::1]:80, localhost:9101"
    )
    for url in (
        "http://127.0.0.1:9100/in", "http://localhost:9101/in", "https://10.20.3.4/",
        "http://listener.lan:8443/", "https://listener.lan:8443/", "http://[::1]/",
    ):  # fmt: skip
        check_url(url, allowed)
    for url in ("http://127.0.0.1:9101/", "https://10.21.0.1/", "http://listener.lan/",
                "http://partner.example:443/", "http://other.lan:8443/"):  # fmt: skip
        with pytest.raises(WrongValue):
            check_url(url, allowed)
    assert chosen("listener.lan", 8443, ["10.0.0.9"], allowed) == "10.0.0.9"
    assert chosen("inside.lan", 443, ["10.20.0.9"], allowed) == "10.20.0.9"
    with pytest.raises(Refused):
        chosen("inside.lan", 443, ["10.21.0.9"], allowed)
    with pytest.raises(Refused):
        chosen("partner.example", 9100, ["8.8.8.8"], allowed)


@pytest.mark.parametrize("text", ["127.0.0.1:x", ":9000", "10.0.0.0/99", "[::1]:x"])
def test_a_list_that_cannot_be_read_stops_the_service_at_start(text):
    with pytest.raises(ValueError, match=r"WEBHOOK_ALLOWED|does not appear"):
        Allowed.of(text)
