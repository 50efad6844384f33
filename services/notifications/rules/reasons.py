"""Why a person is told, in words the person reads beside the notification."""

from enum import StrEnum

from chassis.words import N_


class Reason(StrEnum):
    """The tie between a person and an event; stable codes, part of the API."""

    ACCOUNTABLE = "accountable"
    HELPER = "helper"
    SUBMITTER = "submitter"
    HEAD_OF_UNIT = "head_of_unit"
    COORDINATING = "coordinating"
    UNIT_BEFORE = "unit_before"
    UNIT_ASKED = "unit_asked"
    ASKER = "asker"
    CONTRIBUTOR = "contributor"
    UNIT_IN_SCOPE = "unit_in_scope"
    RECIPIENT = "recipient"
    FOR_THE_BODY = "for_the_body"
    APPRAISER = "appraiser"
    HEAD_REPORTS = "head_reports"
    WRITER = "writer"
    SENDER = "sender"
    INSPECTED = "inspected"
    IN_TEAM = "in_team"
    DECIDES = "decides"
    OFFICE_FOLLOWS = "office_follows"
    DIRECTOR_IN_CHARGE = "director_in_charge"
    UNIT_WITHOUT_HEAD = "unit_without_head"
    NOBODY_IN_UNIT = "nobody_in_unit"
    URGED = "urged"
    STANDS_IN = "stands_in"
    MAIL_FAILED = "mail_failed"
    WEBHOOK_FAILING = "webhook_failing"
    PARTNER_CONTACT = "partner_contact"


# Who is found by each reason; the words stand in docs/notifications.md.
FOUND_BY: dict[Reason, str] = {
    Reason.ACCOUNTABLE: "the accountable person, while of the lead unit; else its head",
    Reason.HELPER: "those who help the accountable person, while of the lead unit",
    Reason.SUBMITTER: "who submitted the result",
    Reason.HEAD_OF_UNIT: "`unit_head` of the lead unit; without one, its `office` or `director`",
    Reason.COORDINATING: "`unit_head` of each coordinating unit",
    Reason.UNIT_BEFORE: "`unit_head` of the unit that led it until now",
    Reason.UNIT_ASKED: "`unit_head` of the unit asked to contribute; without one, all of it",
    Reason.ASKER: "who asked, while at work",
    Reason.CONTRIBUTOR: "who gave the contribution",
    Reason.UNIT_IN_SCOPE: "`unit_head` of every unit in scope",
    Reason.RECIPIENT: "everybody of the units that the plan is sent to",
    Reason.FOR_THE_BODY: "who acts for the body of a score sheet: named for it, or of its unit",
    Reason.APPRAISER: "the appraisers of the body's block",
    Reason.HEAD_REPORTS: "`unit_head` of the unit that reports; without one, all of it",
    Reason.WRITER: "who wrote the report",
    Reason.SENDER: "who sent the report",
    Reason.INSPECTED: "`unit_head` of the inspected unit; without one, its `office` or `director`",
    Reason.IN_TEAM: "head, members and substitutes of the inspecting team",
    Reason.DECIDES: "role `office`, but for what their own unit asks: that, role `director`",
    Reason.OFFICE_FOLLOWS: "role `office`",
    Reason.DIRECTOR_IN_CHARGE: "role `director`",
    Reason.UNIT_WITHOUT_HEAD: "everybody of the unit it is about, when none of the above is of it",
    Reason.NOBODY_IN_UNIT: "role `office`, when none of the above is of that unit",
    Reason.URGED: "exactly the people that an urging names, who stands in among them",
    Reason.STANDS_IN: "who stands in today for one of the above, and may open it themselves",
    Reason.MAIL_FAILED: "roles `admin` and `office`, when a mail has failed for good",
    Reason.WEBHOOK_FAILING: "role `admin`, when another system does not take its webhooks",
    Reason.PARTNER_CONTACT: "the contact of that system, by mail alone",
}

REASON_TEXT: dict[Reason, str] = {
    Reason.ACCOUNTABLE: N_("Bạn là người chịu trách nhiệm nhiệm vụ này"),
    Reason.HELPER: N_("Bạn cùng thực hiện nhiệm vụ này"),
    Reason.SUBMITTER: N_("Bạn là người đã gửi kết quả này"),
    Reason.HEAD_OF_UNIT: N_("Bạn phụ trách đơn vị chủ trì nhiệm vụ này"),
    Reason.COORDINATING: N_("Đơn vị bạn phụ trách phối hợp thực hiện nhiệm vụ này"),
    Reason.UNIT_BEFORE: N_("Đơn vị bạn phụ trách đã chủ trì nhiệm vụ này đến nay"),
    Reason.UNIT_ASKED: N_("Đơn vị của bạn được đề nghị phối hợp nhiệm vụ này"),
    Reason.ASKER: N_("Bạn là người đã hỏi hoặc đề nghị việc này"),
    Reason.CONTRIBUTOR: N_("Bạn là người đã gửi đóng góp này"),
    Reason.UNIT_IN_SCOPE: N_("Đơn vị bạn phụ trách nằm trong phạm vi thực hiện"),
    Reason.RECIPIENT: N_("Đơn vị của bạn có tên ở Nơi nhận của kế hoạch"),
    Reason.FOR_THE_BODY: N_("Bạn chấm điểm thay mặt cơ quan, đơn vị này"),
    Reason.APPRAISER: N_("Bạn thẩm định khối của cơ quan, đơn vị này"),
    Reason.HEAD_REPORTS: N_("Bạn phụ trách đơn vị phải báo cáo"),
    Reason.WRITER: N_("Bạn là người viết báo cáo này"),
    Reason.SENDER: N_("Bạn là người đã gửi báo cáo này"),
    Reason.INSPECTED: N_("Bạn phụ trách đơn vị được kiểm tra"),
    Reason.IN_TEAM: N_("Bạn ở trong đoàn kiểm tra này"),
    Reason.DECIDES: N_("Bạn là người quyết định đề nghị này"),
    Reason.OFFICE_FOLLOWS: N_("Văn phòng Sở theo dõi, đôn đốc việc này"),
    Reason.DIRECTOR_IN_CHARGE: N_("Bạn là lãnh đạo Sở chỉ đạo việc này"),
    Reason.UNIT_WITHOUT_HEAD: N_(
        "Đây là việc của đơn vị bạn, và đơn vị chưa có người phụ trách trong danh bạ"
    ),
    Reason.URGED: N_("Bạn được nêu tên trong lần đôn đốc này"),
    Reason.STANDS_IN: N_("Bạn làm thay người được báo tin này trong những ngày người đó vắng"),
    Reason.MAIL_FAILED: N_("Bạn giữ danh bạ hoặc theo dõi việc báo tin"),
    Reason.WEBHOOK_FAILING: N_("Bạn quản trị kết nối với các hệ thống khác"),
    Reason.PARTNER_CONTACT: N_("Bạn là đầu mối của hệ thống đối tác nhận tin"),
    Reason.NOBODY_IN_UNIT: N_(
        "Đơn vị liên quan chưa có người phụ trách trong danh bạ nên Văn phòng Sở được báo thay"
    ),
}
