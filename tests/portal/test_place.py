"""Who decides one thing after another keeps the place in the list."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.datastructures import QueryParams
from starlette.requests import Request
from tests.portal.test_rights import ASSIGNMENT, ROW, drawn

from portal.client import Api
from portal.listing import read
from portal.place import Place, from_list, place_of
from portal.sessions import Tokens
from portal.visit import Visit, address_of

LIST = "/assignments?status=submitted&sort=due_on"


def after(sent: Mapping[str, Any], *, decided: bool = True, path: str = "/assignments/1") -> str:
    """Return where a form leads that worked."""
    request = Request({"type": "http", "method": "POST", "path": path, "headers": []})
    request.state.form = sent
    visit = Visit(request, Api.__new__(Api), {}, "", Tokens.__new__(Tokens))
    answer = visit.onward(path, "accepted") if decided else visit.go(path, "changed")
    return answer.headers["location"]


def test_what_is_opened_from_a_list_remembers_the_list_and_the_row_below() -> None:
    assert place_of(from_list("/assignments/1", LIST, "2")) == Place(LIST, "2")
    assert place_of(from_list("/assignments/1", LIST)) == Place(LIST)
    assert place_of("/assignments/1") is None


ELSEWHERE = (
    "https://evil.test", "//evil.test", "/\\evil.test", "/\t/evil.test", "/\n\\evil.test",
    "javascript:alert(1)", "",
)  # fmt: skip


@pytest.mark.parametrize("list_", ELSEWHERE)
def test_no_address_leads_a_decision_to_another_site(list_: str) -> None:
    assert place_of(from_list("/assignments/1", list_, "2")) is None


def test_a_page_that_is_not_there_names_no_other_site_as_its_own_address() -> None:
    asked = {"type": "http", "method": "GET", "path": "//evil.test/x", "query_string": b"a=1",
             "server": ("portal.test", 80), "headers": []}  # fmt: skip
    assert address_of(Request(asked)) == "/?a=1"


def test_a_decision_leads_to_the_next_row_of_the_list_it_was_reached_from() -> None:
    back = from_list("/assignments/1", LIST, "2")
    assert after({"back": back}) == f"{LIST}&done=accepted#row-2"


def test_the_decision_on_the_last_row_leads_to_the_list() -> None:
    back = from_list("/assignments/1", LIST)
    assert after({"back": back}) == f"{LIST}&done=accepted#listing"


def test_a_decision_within_a_list_leads_to_the_row_below() -> None:
    page = "/imports/1?show=open&page=2"
    assert after({"back": page, "next": "8"}) == f"{page}&done=accepted#row-8"
    assert after({"back": page, "next": ""}) == f"{page}&done=accepted#listing"


def test_a_decision_on_a_page_that_was_opened_by_itself_stays_there() -> None:
    assert after({"back": "/assignments/1"}) == "/assignments/1?done=accepted"
    assert after({}) == "/assignments/1?done=accepted"


def test_a_change_stays_on_the_page_and_keeps_the_way_back_to_the_list() -> None:
    back = from_list("/assignments/1", LIST, "2")
    assert after({"back": back}, decided=False) == f"{back}&done=changed"
    assert after({"back": LIST}, decided=False) == "/assignments/1?done=changed"


def test_each_row_of_the_list_of_assignments_names_the_one_below() -> None:
    rows = [{**ASSIGNMENT, "id": one, "allowed": []} for one in ("1", "2")]
    view = {"listed": {"data": rows, "next_cursor": None}, "asked": read(QueryParams()), "acts": []}
    html = drawn("assignments/rows.html", {**view, "address": LIST})

    assert 'id="row-2"' in html
    assert from_list("/assignments/1", LIST, "2").replace("&", "&amp;") in html
    assert f'href="{from_list("/assignments/2", LIST)}"' in html


def test_each_row_of_an_appendix_names_the_one_below() -> None:
    view = {
        "found": {"id": "1", "allowed": ["change"]},
        "r": ROW,
        "onward": 7,
        "address": "/imports/1",
    }
    html = drawn("imports/line.html", view)

    assert 'name="next" value="7"' in html
    assert from_list("/imports/1/rows/1", "/imports/1", 7).replace("&", "&amp;") in html
