"""The pictures of the guides, taken on the way an officer goes; PICTURES=1 keeps them."""

import pytest
from tests import signing
from tests.journeys.browsing import Windows, problems_of, too_wide
from tests.journeys.conftest import OF_GUIDES
from tests.journeys.people import Person, eventually

pytestmark = pytest.mark.story
GUIDES = sorted(path.stem for path in OF_GUIDES.parent.glob("*-*.md"))


@pytest.fixture
def keep(picture):
    """Return a function that keeps a page for a guide once it is calm."""

    def take(page, name: str, *, whole: bool = False) -> None:
        picture(page, name, whole=whole, folder=OF_GUIDES)

    return take


@pytest.mark.parametrize(
    ("code", "heading", "name"),
    [
        ("unit_officer", "Đơn vị tôi", "chuyen-vien-dau-ngay"),
        ("unit_head", "Đơn vị tôi", "lanh-dao-don-vi-tong-quan"),
        ("office", "Đang chờ", "van-phong-dau-ngay"),
        ("director", "Hoàn thành", "giam-doc-tong-quan"),
    ],
)
def test_a_day_begins_on_the_overview(code, heading, name, person, browser: Windows, keep) -> None:
    page = browser(person(code))
    page.locator("main").get_by_text(heading).first.wait_for()
    keep(page, name)


def test_evidence_is_handed_in_and_waits_for_the_office(
    office: Person, person, open_assignments, browser: Windows, keep
) -> None:
    authority = signing.root("Cơ quan chứng thực số (ví dụ)")
    paper = signing.signed(signing.blank(2), signing.person("Trần Văn Bình", authority))
    head = person("unit_head")
    assignment = open_assignments("CCHC")[0]
    file = head.upload("/files", "Báo cáo kết quả.pdf", paper)["id"]
    version = head.get("tasks", f"/assignments/{assignment['id']}")["version"]
    body = {"note": "Báo cáo kết quả, đã ký số.", "file_ids": [file]}
    head.post("tasks", f"/assignments/{assignment['id']}/results", body, version=version)
    eventually(lambda: _checked(head, file))

    admin = browser(person("admin"), "/trusted_roots")
    certificate = {"name": "goc.cer", "mimeType": "application/pkix-cert", "buffer": authority.der}
    admin.locator("#file").set_input_files(certificate)
    admin.get_by_role("button", name="Tin cậy", exact=True).click()
    admin.locator(".notice-good").wait_for()
    admin.goto("/trusted_roots")
    keep(admin, "quan-tri-goc-tin-cay")
    eventually(lambda: _checked(head, file))

    receipt = browser(person("unit_officer"), f"/files/{file}/about")
    receipt.locator(".drawn img").evaluate("image => image.decode()")
    keep(receipt, "chuyen-vien-phieu-tiep-nhan", whole=True)
    desk = browser(office, f"/assignments/{assignment['id']}")
    desk.get_by_text("đã ký số").first.wait_for()
    keep(desk, "van-phong-duyet")
    admin.goto("/partners")
    keep(admin, "quan-tri-doi-tac")
    for each in person("admin").get("tasks", "/trusted_roots")["data"]:
        person("admin").ask("DELETE", "tasks", f"/trusted_roots/{each['id']}")


def _checked(head: Person, file: str) -> bool:
    return bool(head.get("tasks", f"/files/{file}/receipt")["signatures"]["state"] == "checked")


@pytest.mark.parametrize("name", ["", *GUIDES])
def test_guides_are_read_on_a_phone_and_aloud(name, office: Person, browser: Windows) -> None:
    page = browser.phone(f"/guides/{name}".rstrip("/"), office)

    assert problems_of(page) == []
    assert too_wide(page) == ""


def test_each_page_tells_what_it_is_for_and_leads_to_the_guide(
    office: Person, browser: Windows
) -> None:
    page = browser(office, "/assignments")
    page.locator("#help summary").press("Enter")
    assert "Mọi nhiệm vụ đã giao cho các đơn vị" in page.locator("#help").inner_text()
    assert problems_of(page) == []
    page.get_by_role("link", name="Hướng dẫn cho vai trò của bạn").press("Enter")
    page.get_by_role("heading", name="Hướng dẫn cho Văn phòng Sở", level=1).wait_for()
