"""Urging by hand: previewed, sent once, seen by who it concerns, followed by a letter."""

import asyncio
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from docx import Document
from openpyxl import load_workbook
from tests.envelopes import envelope_of

from chassis.clock import database_now
from chassis.ids import new_id
from chassis.messaging.consuming import Consumer
from contracts.notifications import NoticeSeen, NoticeSent, NoticeState, ObligationAcknowledged
from tasks import handlers
from tasks.calendar.moment import moment

WORDS = "Đề nghị {don_vi} làm {so_nhiem_vu} nhiệm vụ: {danh_sach}"


@pytest.fixture
async def mine(busy) -> dict:
    """An assignment led by CCHC, with which LĐVL helps; its officer is accountable."""
    units = await busy.units()
    await busy.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:one AS uuid)],"
        " accountable_person_id = (SELECT id FROM person WHERE employee_code = 'unit_officer')"
        " WHERE unit_id = CAST(:lead AS uuid)",
        one=units["LĐVL"], lead=units["CCHC"],
    )  # fmt: skip
    return await busy.one(unit_id=units["CCHC"], q="tieu chi mat diem nam 2024")


async def urge(busy, *ids, who="office", reason="lead", text=WORDS, preview=False, **more):
    body = {"assignment_ids": list(ids), "reason": reason, "text": text, "preview": preview, **more}
    return await getattr(busy, who).post("/v1/urgings", body)


async def receipts(busy, id_, who="office") -> dict[str, dict]:
    found = (await getattr(busy, who).get(f"/v1/urgings/{id_}")).json()
    return {each["post"] + each["name"]: each for each in found["receipts"]}


async def test_a_preview_says_who_would_get_what_and_keeps_nothing(busy, mine):
    gone = str(new_id())
    answer = await urge(busy, mine["id"], gone, reason="any", preview=True)
    said = answer.json()
    assert answer.status_code == 200
    assert said["urging_id"] is None
    assert [each["urged_as"] for each in said["people"]] == ["lead", "coordinating"]
    assert all(each["assignment_ids"] == [mine["id"]] for each in said["people"])
    assert mine["number"] in said["people"][0]["words"]
    assert [(each["id"], each["code"]) for each in said["left_out"]] == [
        (gone, "assignment_not_found")
    ]
    assert await busy.rows("SELECT 1 FROM urging") == []
    assert await busy.events("unit_urged") == []


async def test_what_was_previewed_is_sent_and_nothing_else(busy, mine):
    shown = (await urge(busy, mine["id"], preview=True)).json()
    digest = shown["digest"]
    other_reason = await urge(busy, mine["id"], reason="any", digest=digest)
    other_words = await urge(busy, mine["id"], text=f"{WORDS}.", digest=digest)
    await busy.execute(
        "UPDATE assignment SET accountable_person_id = NULL WHERE id = :id", id=mine["id"]
    )
    other_person = await urge(busy, mine["id"], digest=digest)
    nothing = await busy.rows("SELECT 1 FROM urging")
    again = (await urge(busy, mine["id"], preview=True)).json()
    sent = await urge(busy, mine["id"], digest=again["digest"])

    for refused in (other_reason, other_words, other_person):
        assert (refused.status_code, refused.json()["code"]) == (409, "urging_outdated")
        assert "xem trước lại" in refused.json()["detail"]
    assert nothing == []
    assert sent.status_code == 201
    assert sent.json()["digest"] == again["digest"] != digest


async def test_lateness_is_one_count_of_working_days_in_lists_files_and_urging(busy, mine):
    today = await busy.today()
    async with busy.database.sessions() as session:
        calendar = (await moment(session)).calendar
    due_on = today - timedelta(days=16)
    await busy.execute(
        "UPDATE assignment SET due_on = :day, last_working_day = :day, status = 'in_progress'"
        " WHERE id = :id", day=due_on, id=mine["id"],
    )  # fmt: skip
    late = calendar.working_days_between(due_on, today)
    listed = (await busy.office.get(f"/v1/assignments/{mine['id']}")).json()
    [row] = (await urge(busy, mine["id"], preview=True)).json()["rows"]
    file = await busy.office.get(
        "/v1/assignments.xlsx", columns="number,days_overdue", q=mine["number"]
    )
    cells = [cell.value for line in load_workbook(BytesIO(file.content)).active for cell in line]

    assert 0 < late < (today - due_on).days
    assert (listed["overdue"], listed["overdue_days"], row["days_late"]) == (True, late, late)
    assert "Số ngày làm việc quá hạn" in cells
    assert cells[cells.index(mine["number"]) + 1] == late


async def test_a_substitute_who_has_moved_is_not_urged_by_hand(busy, mine):
    today = await busy.today()
    await busy.execute(
        "UPDATE person SET absent_from = :day, absent_until = :day, substitute_id ="
        " (SELECT id FROM person WHERE employee_code = 'unit_head')"
        " WHERE employee_code = 'unit_officer'", day=today,
    )  # fmt: skip
    both = (await urge(busy, mine["id"], preview=True)).json()["people"]
    await busy.execute(
        "UPDATE person SET unit_id = (SELECT id FROM unit WHERE code = 'LĐVL')"
        " WHERE employee_code = 'unit_head'"
    )
    alone = (await urge(busy, mine["id"], preview=True)).json()["people"]
    assert [each["urged_as"] for each in both] == ["lead", "stands_in"]
    assert [each["urged_as"] for each in alone] == ["lead"], "though that unit helps with the row"


async def test_urging_is_one_transaction_with_an_event_for_each_unit(busy, mine):
    answer = await urge(busy, mine["id"], reason="any")
    id_ = answer.json()["urging_id"]
    events = await busy.events("unit_urged")
    units = await busy.units()
    history = (await busy.office.get(f"/v1/assignments/{mine['id']}/timeline")).json()["data"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/urgings/{id_}"
    assert {each["data"]["unit_id"] for each in events} == {units["CCHC"], units["LĐVL"]}
    assert {each["data"]["urging_id"] for each in events} == {id_}
    assert all(len(each["data"]["people"]) == 1 for each in events)
    assert history[0]["kind"] == "urged"
    assert (await busy.events("assignment_changed")) == [], "nothing about the rows has changed"


async def test_the_same_rows_are_not_urged_twice_within_the_hours_that_are_set(busy, mine):
    first = await urge(busy, mine["id"])
    second = await urge(busy, mine["id"], who="director")
    wider = await urge(busy, mine["id"], reason="any")
    other = await urge(busy, mine["id"], reason="coordinating")
    shown = (await urge(busy, mine["id"], preview=True)).json()
    await busy.execute("UPDATE urging SET made_at = made_at - interval '25 hours'")
    later = await urge(busy, mine["id"])
    assert (first.status_code, second.status_code, second.json()["code"]) == (
        201, 409, "urging_repeated",
    )  # fmt: skip
    assert mine["number"] in second.json()["detail"], "which rows, and when"
    assert "24 giờ" in second.json()["detail"]
    assert wider.json()["code"] == "urging_repeated"
    assert other.status_code == 201
    assert [each["code"] for each in shown["left_out"]] == ["urging_repeated"]
    assert later.status_code == 201


async def test_of_two_who_urge_at_once_the_second_sees_the_first(busy, mine):
    both = await asyncio.gather(urge(busy, mine["id"]), urge(busy, mine["id"], who="director"))
    assert sorted(each.status_code for each in both) == [201, 409]
    assert len(await busy.events("unit_urged")) == 1


async def test_what_is_not_owed_is_left_out_and_nothing_alone_is_refused(busy, mine):
    await busy.execute("UPDATE assignment SET status = 'done' WHERE id = :id", id=mine["id"])
    answer = await urge(busy, mine["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "urging_nothing")
    assert "đã hoàn thành" in answer.json()["detail"]


async def test_only_the_office_and_the_director_urge(busy, mine):
    for who in ("unit_head", "unit_officer", "auditor", "appraiser", "admin"):
        refused = await urge(busy, mine["id"], who=who)
        assert refused.status_code == 403, who
        wrong = await getattr(busy, who).post("/v1/urgings", {"nothing": "right"})
        assert wrong.status_code == 403, f"{who} is refused before the body is read"


async def test_words_with_a_placeholder_that_is_none_are_refused_at_their_place(busy, mine):
    answer = await urge(busy, mine["id"], text="Đề nghị {ten}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/text"


async def test_a_unit_sees_urgings_of_its_rows_with_its_own_people_alone(busy, mine):
    id_ = (await urge(busy, mine["id"], reason="any")).json()["urging_id"]
    own = (await busy.unit_officer.get(f"/v1/urgings/{id_}")).json()
    helper = (await busy.unit_head_ldvl.get("/v1/urgings")).json()["data"]
    stranger = await busy.unit_head_tdkt.get(f"/v1/urgings/{id_}")
    listed = (await busy.unit_head_tdkt.get("/v1/urgings")).json()["data"]
    everybody = (await busy.office.get(f"/v1/urgings/{id_}")).json()
    units = await busy.units()
    assert {each["unit_id"] for each in own["receipts"]} == {units["CCHC"]}
    assert (own["people"], everybody["people"]) == (1, 2)
    assert own["allowed"] == []
    assert [each["id"] for each in helper] == [id_]
    assert (stranger.status_code, listed) == (404, [])
    assert everybody["allowed"] == ["read_letter", "record_letter"]


async def tell(busy, event_class, id_: str, person: UUID, version: int, **changed):
    async with busy.database.sessions() as session:
        now = await database_now(session)
    facts = {"sent_at": now, "seen_at": None, "acknowledged_at": None, **changed}
    state = NoticeState(
        notice_id=new_id(), version=version, origin="urging", about_id=id_, person_id=person,
        **{name: now if value is True else value for name, value in facts.items()},
    )  # fmt: skip
    envelope = envelope_of(event_class(notice=state), id=new_id(), time=now)
    for _ in range(2):  # the broker delivers at least once
        await Consumer(handlers.router, busy.database).apply([envelope])


async def test_receipts_follow_what_notifications_says_in_whatever_order(busy, mine):
    id_ = (await urge(busy, mine["id"], reason="any")).json()["urging_id"]
    rows = await busy.rows("SELECT person_id, urged_as FROM urging_recipient ORDER BY urged_as")
    helper, officer = (row.person_id for row in rows)
    await tell(busy, ObligationAcknowledged, id_, officer, 3, seen_at=True, acknowledged_at=True)
    await tell(busy, NoticeSent, id_, officer, 1)
    await tell(busy, NoticeSeen, id_, helper, 2, seen_at=True)
    found = (await busy.office.get(f"/v1/urgings/{id_}")).json()
    got = {each["urged_as"]: each for each in found["receipts"]}
    assert (found["people"], found["sent"], found["seen"], found["acknowledged"]) == (2, 2, 2, 1)
    assert got["lead"]["acknowledged_at"]
    assert got["coordinating"]["acknowledged_at"] is None


async def test_the_letter_is_read_back_with_what_is_owed_and_its_number_stands_on_the_rows(
    busy, mine
):
    id_ = (await urge(busy, mine["id"])).json()["urging_id"]
    today = str(await busy.today())
    path = f"/v1/urgings/{id_}/letter_number"
    early = await busy.office.post(path, {"number": "15/SNV-VP", "issued_on": "2020-01-01"}, seen=1)
    entered = await busy.office.post(path, {"number": "15/SNV-VP", "issued_on": today}, seen=1)
    letter = await busy.office.get(f"/v1/urgings/{id_}/letter.docx")
    history = (await busy.unit_officer.get(f"/v1/assignments/{mine['id']}/timeline")).json()["data"]
    document = Document(BytesIO(letter.content))
    words = "\n".join(p.text for t in document.tables for r in t.rows for c in r.cells
                      for p in c.paragraphs)  # fmt: skip
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/issued_on")
    assert entered.json()["letter_number"] == "15/SNV-VP"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "Số: 15/SNV-VP" in words
    assert mine["number"] in words
    told = "\n".join(p.text for p in document.paragraphs)
    assert "Đề nghị các đơn vị chủ trì" in told or "Đề nghị các đơn vị làm 1 nhiệm vụ" in told
    assert "làm 1 nhiệm vụ: danh mục tại Phụ lục kèm theo" in told, "what the Office wrote"
    assert "trước ngày …/…/20…" in told
    assert {c["after"] for c in history[0]["changes"]} >= {"15/SNV-VP", today}


def annex_of(letter) -> list[list[str]]:
    table = Document(BytesIO(letter.content)).tables[-1]
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


async def test_the_letter_says_what_was_urged_on_its_day_whatever_has_become_of_it(busy, mine):
    id_ = (await urge(busy, mine["id"])).json()["urging_id"]
    path = f"/v1/urgings/{id_}/letter.docx"
    before = await busy.office.get(path)
    await busy.execute(
        "UPDATE assignment SET due_on = due_on + 30, status = 'done', number = 'NV-X'"
        " WHERE id = :id", id=mine["id"],
    )  # fmt: skip
    await busy.execute("UPDATE task SET content = 'Việc khác'")
    await busy.execute("UPDATE unit SET name = 'Phòng khác' WHERE code = 'CCHC'")
    after = await busy.office.get(path)
    document = Document(BytesIO(after.content))

    [row] = annex_of(before)
    assert (row[1], "quá hạn" in row[5].lower()) == (mine["number"], True)
    assert annex_of(after) == [row]
    assert "Phòng khác" not in "\n".join(each.text for each in document.paragraphs)


async def test_of_two_who_enter_the_letters_number_the_second_is_told_of_the_first(busy, mine):
    id_ = (await urge(busy, mine["id"])).json()["urging_id"]
    path, today = f"/v1/urgings/{id_}/letter_number", str(await busy.today())
    read = await busy.office.get(f"/v1/urgings/{id_}")
    blind = await busy.office.post(path, {"number": "15/SNV-VP", "issued_on": today})
    first = await busy.office.post(path, {"number": "15/SNV-VP", "issued_on": today}, seen=1)
    second = await busy.director.post(path, {"number": "16/SNV-VP", "issued_on": today}, seen=1)
    corrected = await busy.director.post(path, {"number": "16/SNV-VP", "issued_on": today}, seen=2)

    assert (read.headers["ETag"], read.json()["version"]) == ('"1"', 1)
    assert (blind.status_code, first.status_code, second.status_code) == (428, 200, 412)
    assert (first.headers["ETag"], first.json()["version"]) == ('"2"', 2)
    assert corrected.json()["letter_number"] == "16/SNV-VP"


async def test_a_letters_number_has_a_figure(busy, mine):
    sent = (await urge(busy, mine["id"])).json()["urging_id"]
    body = {"number": "/SNV-VP", "issued_on": str(await busy.today())}
    answer = await busy.office.post(f"/v1/urgings/{sent}/letter_number", body, seen=1)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/number")


async def test_the_ladder_sends_no_letter(busy, mine):
    id_ = (await urge(busy, mine["id"])).json()["urging_id"]
    await busy.execute("UPDATE urging SET origin = 'ladder', reason = 'ladder'")
    day = {"number": "15/SNV-VP", "issued_on": str(await busy.today())}
    letter = await busy.office.get(f"/v1/urgings/{id_}/letter.docx")
    number = await busy.office.post(f"/v1/urgings/{id_}/letter_number", day, seen=1)
    for refused in (letter, number):
        assert (refused.status_code, refused.json()["code"]) == (409, "urging_without_letter")


async def test_the_letter_goes_to_the_units_of_those_who_were_urged(busy, mine):
    units = await busy.units()
    await busy.execute("UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:unit AS uuid)]"
                       " WHERE id = :id", unit=units["TĐKT"], id=mine["id"])  # fmt: skip
    made = await urge(busy, mine["id"], reason="coordinating")
    letter = await busy.office.get(f"/v1/urgings/{made.json()['urging_id']}/letter.docx")
    words = "\n".join(p.text for p in Document(BytesIO(letter.content)).paragraphs)

    assert "Kính gửi: Phòng Thi đua" in words
    assert "các đơn vị phối hợp" in words
    assert "Sở Nội vụ tỉnh Khánh Hòa)" in words


async def test_the_letter_is_for_who_urges(busy, mine):
    id_ = (await urge(busy, mine["id"])).json()["urging_id"]
    for path, seen, unseen in (("letter.docx", 403, 404),):
        own = await busy.unit_head.get(f"/v1/urgings/{id_}/{path}")
        stranger = await busy.unit_head_tdkt.get(f"/v1/urgings/{id_}/{path}")
        auditor = await busy.auditor.get(f"/v1/urgings/{id_}/{path}")
        assert (own.status_code, stranger.status_code, auditor.status_code) == (seen, unseen, 403)
