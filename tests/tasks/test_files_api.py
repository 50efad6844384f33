"""Evidence files: kept, given back as attachments, hidden from other units."""

import hashlib

PDF = b"%PDF-1.7\n%minh chung\n"


async def test_a_file_comes_back_as_it_was_under_its_own_name(busy):
    stored = await busy.unit_officer.upload("/v1/files", "Minh chứng.pdf", PDF)
    back = await busy.unit_officer.get(f"/v1/files/{stored.json()['id']}")

    assert stored.status_code == 201
    assert stored.json()["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (back.content, back.headers["Content-Type"]) == (PDF, "application/pdf")
    assert back.headers["Content-Disposition"].startswith("attachment")


async def test_another_unit_sees_a_file_only_with_the_assignment_it_proves(busy):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], q="sang kien")  # coordinated by everybody
    alone = await busy.one(unit_id=units["CCHC"], q="thai do phuc vu")  # coordinated by VP alone
    paths = []
    for assignment in (mine, alone):
        stored = (await busy.unit_officer.upload("/v1/files", "a.pdf", PDF)).json()
        answer = await busy.unit_officer.post(
            f"/v1/assignments/{assignment['id']}/results", {"file_ids": [stored["id"]]}, seen=1
        )
        assert answer.status_code == 200, answer.text
        paths.append(f"/v1/files/{stored['id']}")

    seen = [(await busy.unit_officer_ldvl.get(path)).status_code for path in paths]
    of_office = [(await busy.office.get(path)).status_code for path in paths]
    assert (seen, of_office) == ([200, 404], [200, 200])


async def test_what_is_not_what_it_says_is_refused_in_vietnamese(looked_at):
    wrong = await looked_at.unit_officer.upload("/v1/files", "a.pdf", b"MZ\x90 not a pdf")
    program = await looked_at.unit_officer.upload("/v1/files", "a.exe", b"MZ\x90")
    empty = await looked_at.unit_officer.upload("/v1/files", "a.pdf", b"")

    assert [a.status_code for a in (wrong, program, empty)] == [415, 415, 422]
    assert wrong.json()["detail"].startswith("Nội dung của «a.pdf» không phải")
