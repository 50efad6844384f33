"""The citizen's pages: the form, what is wrong with it, the thanks."""

import re

import pytest
from tests.surveys.world import form


async def test_a_citizen_opens_the_form_posts_it_and_is_thanked(world):
    round_ = await world.open_round()
    [code] = await world.tickets(round_, 1)

    opened = await world.citizen.get(f"/k/{code}")
    response_id = re.search(r'name="response_id" value="([^"]+)"', opened.text)[1]
    sent = await world.citizen.post(f"/k/{code}", data={**form(5), "response_id": response_id})
    thanked = await world.citizen.get(sent.headers["location"])

    assert opened.status_code == 200
    assert "Phòng A" in opened.text
    assert opened.headers["cache-control"] == "no-store"
    assert "set-cookie" not in opened.headers
    assert (sent.status_code, sent.headers["location"]) == (303, f"/k/{code}/thanks")
    assert "Cảm ơn Ông/Bà" in thanked.text
    [row] = await world.rows("SELECT * FROM response")
    assert (str(row.response_id), row.lane, row.channel) == (response_id, "ticket", "web")
    assert row.unit_id == world.unit_a


async def test_the_form_may_be_read_in_english_up_to_the_thanks(world):
    link = await world.link(await world.open_round())
    opened = await world.citizen.get(f"/k/{link['code']}?lang=en&utm_source=zalo")
    sent = await world.citizen.post(f"/k/{link['code']}?lang=en", data=form())

    assert '<html lang="en">' in opened.text
    assert sent.headers["location"] == f"/k/{link['code']}/thanks?lang=en"
    assert "Thank you" in (await world.citizen.get(sent.headers["location"])).text


async def test_a_link_for_the_whole_department_asks_which_unit_served(world):
    link = await world.link(await world.open_round())
    opened = await world.citizen.get(f"/k/{link['code']}")
    sent = await world.citizen.post(f"/k/{link['code']}", data=form(**{"D.7": str(world.unit_b)}))

    assert "Phòng A" in opened.text
    assert "Phòng B" in opened.text
    assert sent.status_code == 303
    [row] = await world.rows("SELECT unit_id, lane FROM response")
    assert (row.unit_id, row.lane) == (world.unit_b, "open")


async def test_a_form_with_a_wrong_answer_comes_back_with_the_sentence_and_the_answers(world):
    link = await world.link(await world.open_round())
    data = form(**{"F1.2": "9", "T.1": "Nên có ghế chờ"})
    answer = await world.citizen.post(f"/k/{link['code']}", data=data)

    assert answer.status_code == 422
    assert "Câu 2: chọn một mức từ 1 đến 5." in answer.text
    assert "Nên có ghế chờ" in answer.text
    assert data["response_id"] in answer.text
    assert await world.count("response") == 0


async def test_a_post_that_is_not_our_form_is_shown_the_form(world):
    link = await world.link(await world.open_round())
    for content in (b"", b"\xff\xfe", b"response_id=1&F1.1=5", b"a" * 300_000):
        answer = await world.citizen.post(f"/k/{link['code']}", content=content)
        assert answer.status_code == 422
        assert 'name="response_id"' in answer.text
    assert await world.count("response") == 0


async def test_the_pages_bring_their_own_style_and_nothing_else(world):
    style = await world.citizen.get("/k/static/form.css?v=0123456789")
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]
    for name in ("render.py", "..%2Frender.py", "form.html"):
        assert (await world.citizen.get(f"/k/static/{name}")).status_code == 404


@pytest.mark.parametrize("path", ["/k/a/b", "/k/a/b/c", "/k/t7f3-k2m9/", "/k/a/thanks/b"])
async def test_an_address_cut_short_or_with_more_behind_it_shows_a_page(world, path):
    answer = await world.citizen.get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "mã" in answer.text.lower()


async def test_a_printed_code_can_be_typed_in_at_the_short_address(world):
    link = await world.link(await world.open_round())

    for path in ("/k", "/k/"):
        asked = await world.citizen.get(path)
        assert asked.status_code == 200
        assert 'name="code"' in asked.text
    typed = await world.citizen.get("/k/", params={"code": f" {link['code'].upper()} "})
    english = await world.citizen.get("/k/", params={"code": link["code"], "lang": "en"})
    wrong = await world.citizen.get("/k/", params={"code": "../x?y"}, follow_redirects=True)

    assert (typed.status_code, typed.headers["location"]) == (303, f"/k/{link['code'].upper()}")
    assert english.headers["location"].endswith("?lang=en")
    assert (wrong.status_code, "mã" in wrong.text.lower()) == (404, True)
