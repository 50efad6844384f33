"""The form in a real browser with scripts switched off: what a phone shows and how it behaves."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect, sync_playwright

from surveys.answers import domain as answers
from surveys.form import render
from surveys.questionnaires import domain as questionnaire

QUESTIONNAIRE = questionnaire.load(
    yaml.safe_load((Path(__file__).parents[2] / "demo/questionnaire.yaml").read_text())
)
TYPES = {".css": "text/css", ".svg": "image/svg+xml"}


class Pages(BaseHTTPRequestHandler):
    """Serves the form with its real headers; a POST is checked and the form drawn again."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith(render.STATIC_URL):
            file = render.STATIC / Path(path).name
            self._answer(file.read_bytes(), TYPES[file.suffix])
        else:
            self._answer(_form({}).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = answers.form_fields(parse_qsl(body, keep_blank_values=True))
        self._answer(_form(fields).encode(), "text/html; charset=utf-8")

    def _answer(self, body: bytes, type_: str) -> None:
        self.send_response(200)
        for name, value in {**render.HEADERS, "Content-Type": type_}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def _form(fields: answers.Fields) -> str:
    checked = answers.check(QUESTIONNAIRE, answers.raw_from_form(QUESTIONNAIRE, fields))
    errors = checked if fields and isinstance(checked, list) else []
    return render.form(
        QUESTIONNAIRE, organisation="Sở Nội vụ", code="t7f3-k2m9-q4xw-8d2n", response_id=uuid4(),
        answers=fields, errors=errors, served_by=(render.UnitOption(uuid4(), "Văn phòng Sở"),),
    )  # fmt: skip


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/k/t7f3-k2m9-q4xw-8d2n"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=[320, 360, 1280], ids=lambda width: f"{width}px")
def phone(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    yield page
    assert said == []  # nothing the content policy had to refuse
    context.close()


def test_nothing_is_wider_than_the_screen_and_every_target_is_48_pixels_high(phone: Page) -> None:
    width, screen = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    heights = phone.evaluate(
        "[...document.querySelectorAll('.choices label, select, textarea, button')]"
        ".map(e => e.getBoundingClientRect().height)"
    )

    assert width <= screen
    assert len(heights) > 150
    assert min(heights) >= 48


def test_the_tally_counts_answered_questions_without_any_script(phone: Page) -> None:
    for name, value in (("F1.1", "5"), ("F1.2", "1"), ("F2.1", "3"), ("P.1", "0"), ("F1.3", "")):
        phone.check(f'input[name="{name}"][value="{value}"]')

    heard = accessible_names(phone)
    at = heard.index("/25 câu đánh giá")
    assert heard[at - 1] == "3"


def accessible_names(page: Page) -> list[str]:
    """What a screen reader finds, in order; the only place that tells a CSS counter's value."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    texts = [node for node in nodes if node["role"]["value"] == "StaticText"]
    return [str(node["name"]["value"]).strip() for node in texts]


def test_after_an_error_the_summary_has_the_focus_and_its_link_shows_question_and_error(
    phone: Page,
) -> None:
    for option in range(4):
        phone.check(f'input[name="E.1"][value="{option}"]')
    phone.click("button")

    expect(phone).to_have_title(re.compile("^Lỗi: "))
    phone.wait_for_function("document.activeElement.id === 'errors'")  # autofocus comes with paint
    phone.click(".summary a")
    error = phone.locator('[id="e-E.1"]').bounding_box()
    head = phone.locator("section:has([id='e-E.1']) .part").bounding_box()
    assert error
    assert head
    assert head["y"] + head["height"] <= error["y"] < 740
    assert phone.locator('input[name="E.1"]:checked').count() == 4
