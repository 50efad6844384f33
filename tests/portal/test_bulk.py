"""What was ticked, which acts are offered, and what the service is asked for."""

from typing import Any

import pytest
from starlette.datastructures import FormData, QueryParams
from tests.portal.test_rights import ASSIGNMENT, drawn

from portal import bulk
from portal.bulk import ACTS, Chosen, body_of, chosen, moves, offered, ticked
from portal.listing import read

ONE = {"id": "a", "number": "NV-2025-0007", "content": "Rà soát", "occurrence": "Tháng 03"}


def test_what_was_ticked_is_read_once_each_and_what_nobody_ticked_is_left_out() -> None:
    form = FormData([
        ("chosen", "a:3:u"), ("chosen", "b:1:v"), ("chosen", "a:3:u"), ("chosen", "c"),
        ("chosen", "d:x:u"), ("chosen", ""),
    ])  # fmt: skip
    assert ticked(form) == [Chosen("a", 3, "u"), Chosen("b", 1, "v")]
    assert chosen(Chosen("a", 3, "u").written) == Chosen("a", 3, "u")


def test_no_more_is_taken_than_the_service_takes_at_once() -> None:
    form = FormData([("chosen", f"{n}:1:u") for n in range(bulk.MOST + 7)])
    assert len(ticked(form)) == bulk.MOST


def test_only_what_the_service_allows_is_offered() -> None:
    assert [act.name for act in offered(["report_progress", "submit_result"])] == [
        "begin", "submit",
    ]  # fmt: skip
    assert [act.name for act in offered(["change"])] == ["set_person", "set_deadline"]
    assert offered([]) == offered(["create", "export"]) == []


def test_a_card_moves_only_into_other_columns() -> None:
    row = {"status": "in_progress", "allowed": ["report_progress", "submit_result", "pause"]}
    assert [act.leads_to for act in moves(row)] == ["submitted"]
    assert [act.leads_to for act in moves({**row, "status": "returned"})] == [
        "in_progress", "submitted",
    ]  # fmt: skip


def test_the_service_is_asked_with_the_versions_that_were_seen_and_no_empty_facts() -> None:
    form = FormData([("due_on", "30/06/2026"), ("reason", ""), ("note", "strange here")])
    body = body_of(ACTS["set_deadline"], [Chosen("a", 3, "u")], form)
    assert body == {
        "act": "set_deadline", "ids": ["a"], "versions": {"a": 3}, "due_on": "2026-06-30",
    }  # fmt: skip
    body = body_of(ACTS["submit"], [Chosen("a", 3, "u")], FormData([("note", "Đã xong")]))
    assert (body["act"], body["status"], body["note"]) == ("set_status", "submitted", "Đã xong")


@pytest.mark.parametrize("told", [None, {"done": 1, "outcomes": [{**ONE, "outcome": "done"}]}])
def test_who_decides_on_many_results_sees_each_with_its_words_and_files(told: Any) -> None:
    results = [{"status": "returned", "note": "Bản cũ", "files": [1]},
               {"status": "submitted", "note": "Đã rà soát", "files": []}]  # fmt: skip
    view = {"act": ACTS["return"], "chosen": [Chosen("a", 3, "u")], "told": told, "back": "/",
            "named": {"a": {**ONE, "results": results}}, "people": []}  # fmt: skip
    html = " ".join(drawn("assignments/bulk.html", view).split())
    for words in ("NV-2025-0007", "Tháng 03", "Đã rà soát", "không có tệp"):
        assert html.count(words) == 1
    assert "Bản cũ" not in html


def test_a_card_says_which_month_it_is_of() -> None:
    row = {**ASSIGNMENT, "occurrence": "Tháng 03", "allowed": []}
    column = ("submitted", {"data": [row]})
    counts = {"listed": 1, "by_status": {"submitted": 1}}
    view = {"columns": [column], "counts": counts, "moves": moves, "asked": read(QueryParams())}
    assert "Tháng 03" in drawn("assignments/board.html", view)
