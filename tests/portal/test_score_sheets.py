"""The sheets of a year by block, and the last days of a whole round."""

import re
from typing import Any

from starlette.requests import Request

from portal.rendering import Renderer

SHEET = {
    "sheet_id": "s", "year": 2025, "body_id": "b", "body_code": "A", "body_name": "Sở A",
    "block_id": "k", "block_name": "Các sở", "eligible": True, "ineligible_reason": None,
    "state": "self_scoring", "version": 1, "closes_on": "2025-11-30", "acts_for": False,
    "entered_until": "2025-11-30", "day_passed": False,
}  # fmt: skip


def drawn(allowed: list[str], explain_by: str | None = None, **view: Any) -> str:
    """Return the page of one block's sheets."""
    round_ = {"block_id": "k", "closes_on": "2025-11-30", "explain_by": explain_by,
              "allowed": allowed}  # fmt: skip
    groups = [{"name": "Các sở", "sheets": [SHEET], "round": round_}]
    request = Request({"type": "http", "query_string": b"", "headers": []})
    view = {
        "year": 2025, "groups": groups, "blocks": [{"id": "k", "name": "Các sở", "active": True}],
        "allowed": ["open"], "csrf_token": "t", "me": None, "path": "/", "request": request,
        **view,
    }  # fmt: skip
    html = Renderer("1").render("score_sheets.html", "vi", view).partition('id="content"')[2]
    return re.sub(r"\s+", " ", html)


def test_a_whole_round_is_moved_on_by_those_who_may_beside_its_days_of_now() -> None:
    page = drawn(["extend"])
    assert 'action="/score_sheets/2025/rounds/k/extend"' in page
    assert "Hiện nay là 30/11/2025" in page
    assert "Hạn giải trình mới" not in page, "it has none to move"
    assert "Hạn giải trình mới" in drawn(["extend"], "2025-12-10")
    assert "Gia hạn cả đợt" not in drawn([])


def test_what_is_wrong_with_new_days_stands_at_their_own_form_alone() -> None:
    page = drawn(["extend"], form={"closes_on": "01/11/2025"}, tried="k")
    ours, _, opening = page.partition('id="open"')
    assert 'value="01/11/2025"' in ours
    assert "open>" in ours.partition('id="extend-k"')[2][:10]
    assert "01/11/2025" not in opening
