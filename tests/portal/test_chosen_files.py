"""A file that was chosen never goes missing in silence when its form comes back."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import FormData
from tests.portal.conftest import ME, TOKENS
from tests.portal.test_rights import ASSIGNMENT, ID, drawn

from portal import chosen_files
from portal.client import Api
from portal.plan_forms import lines
from portal.problems import Problem
from portal.visit import Visit, portal_of, signed_in

COMMITMENTS = f"/assignments/{ID}/commitments"
PDF = {"document": ("cam-ket.pdf", b"%PDF", "application/pdf")}
MARK = 'name="files_of_document" value="cam-ket.pdf" data-new >'


class Tasks:
    """The service of tasks: takes every file but `bad`, refuses every commitment."""

    bad = ""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, read = request.url.path, request.content.decode(errors="replace")
        if request.method == "GET":
            found: dict[str, Any] = {"data": [], "next_cursor": None}
            one = {**ASSIGNMENT, "allowed": ["commit", "submit_result"]}
            return httpx.Response(200, json=one if path.endswith(ID) else found)
        self.sent.append(path)
        if path == "/v1/files" and (not self.bad or self.bad not in read):
            return httpx.Response(201, json={"id": ID})
        return httpx.Response(422, json={"code": "refused", "detail": "Không nhận"})


@pytest.fixture
def tasks() -> Tasks:
    return Tasks()


@pytest.fixture
async def browser(app: FastAPI, tasks: Tasks) -> AsyncIterator[httpx.AsyncClient]:
    async def visit(request: Request) -> Visit:
        services = portal_of(request).services
        transport = httpx.MockTransport(tasks)
        services._clients["tasks"] = httpx.AsyncClient(transport=transport, base_url="http://tasks")
        return Visit(request, Api(services, "token", "vi"), ME, "t", TOKENS)

    app.dependency_overrides[signed_in] = visit
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        yield client


async def test_a_refused_form_names_its_file_and_marks_that_it_is_missing(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.post(COMMITMENTS, data={"csrf_token": "t"}, files=PDF)
    assert answer.status_code == 422
    assert "hãy chọn lại: cam-ket.pdf" in answer.text
    assert MARK in answer.text
    assert 'name="files_of_files" value="" data-new disabled' in answer.text  # the other form's


async def test_without_the_file_it_is_refused_until_somebody_ticks_that_none_is_meant(
    browser: httpx.AsyncClient, tasks: Tasks
) -> None:
    sent = {"csrf_token": "t", "files_of_document": "cam-ket.pdf"}
    answer = await browser.post(COMMITMENTS, data=sent)
    assert answer.status_code == 422
    assert "Gửi không kèm tệp" in answer.text
    assert MARK in answer.text
    assert tasks.sent == []

    answer = await browser.post(COMMITMENTS, data={**sent, "without_document": "yes"})
    assert tasks.sent == [f"/v1{COMMITMENTS}"]
    assert MARK not in answer.text


async def test_of_several_files_the_refused_one_is_named(
    browser: httpx.AsyncClient, tasks: Tasks
) -> None:
    tasks.bad = "b.exe"
    files = [("files", (name, b"x", "application/pdf")) for name in ("a.pdf", "b.exe")]
    answer = await browser.post(f"/assignments/{ID}/results", data={"csrf_token": "t"}, files=files)
    assert "“b.exe”: Không nhận" in answer.text
    assert "hãy chọn lại: a.pdf, b.exe" in answer.text


def test_what_is_there_again_is_missing_no_more() -> None:
    form = FormData([("files_of_file", "a.pdf"), ("without_file", "")])
    assert chosen_files.lost(form) == {"file": ["a.pdf"]}
    with pytest.raises(Problem, match="files_expected"):
        chosen_files.chosen(form, "file")
    assert chosen_files.chosen(form, "other") == []


@pytest.mark.parametrize("template", ["question.html", "plans/form.html"])
def test_other_forms_say_it_by_the_same_macro(template: str) -> None:
    name = "file" if template == "question.html" else "signed_copy"
    question = {"id": ID, "allowed": ["answer"], "assignment": {}, "words": "?"}
    view = {"question": question, "lost_files": {name: ["a.pdf"]}, "problem": Problem(422, {})}
    html = drawn(template, {**view, "plans": {"data": []}, "recipients": [], **lines(0, 0)})
    assert f'name="files_of_{name}" value="a.pdf" data-new >' in html
