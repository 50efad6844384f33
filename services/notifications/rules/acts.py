"""What becomes of an assignment beside its progress and its result: who is told, in which words."""

from chassis.words import N_
from contracts import tasks
from notifications.rules.audiences import (
    ACCOUNTABLE,
    ASKER,
    COORDINATING,
    DECIDES,
    DIRECTOR_IN_APP,
    HEAD,
    NOT_OWED,
    OFFICE_IN_APP,
    OVER,
    UNIT_BEFORE,
)
from notifications.rules.deadline import DUE
from notifications.rules.model import Rule

ACTS = (
    Rule(
        tasks.AssignmentCancelled, "cancelled", category="task_changed", severity="warning",
        title=N_("Nhiệm vụ {number} đã bị hủy"),
        body=N_("{subject_matter}. {unit} không còn phải thực hiện."),
        audiences=(ACCOUNTABLE, HEAD, COORDINATING),
    ),
    Rule(
        tasks.AssignmentCancelled, "no_longer_applicable", category="task_changed",
        severity="warning",
        title=N_("Nhiệm vụ {number} không còn phù hợp, đã kết thúc"),
        body=N_("{subject_matter}. {unit} không còn phải thực hiện."),
        audiences=(ACCOUNTABLE, HEAD, COORDINATING),
    ),
    Rule(
        tasks.ExtensionRequested, category="extension",
        title=N_("{unit} đề nghị gia hạn nhiệm vụ {number} đến {requested}"),
        body=DUE,
        audiences=(DECIDES, DIRECTOR_IN_APP), asks=True, moot_at=OVER, while_asked=True,
    ),
    Rule(
        tasks.ExtensionRefused, category="extension", severity="warning",
        title=N_("Nhiệm vụ {number} không được gia hạn"),
        body=N_("{subject_matter}. Thời hạn vẫn là {deadline}; lý do ở trang nhiệm vụ."),
        audiences=(ACCOUNTABLE, HEAD, ASKER), moot_at=OVER,
    ),
    Rule(
        tasks.DeadlineExtended, category="extension",
        title=N_("Nhiệm vụ {number} được gia hạn đến {deadline}"),
        body=N_("{subject_matter}. {unit} chủ trì. Thời hạn trước là {previous}."),
        audiences=(ACCOUNTABLE, HEAD, ASKER, COORDINATING), moot_at=OVER,
    ),
    Rule(
        tasks.AssignmentPaused, category="task_changed",
        title=N_("Nhiệm vụ {number} tạm dừng"),
        body=N_("{subject_matter}. Từ nay không nhắc hạn và không tính quá hạn."),
        audiences=(ACCOUNTABLE, HEAD, COORDINATING), moot_at=OVER,
    ),
    Rule(
        tasks.AssignmentResumed, category="task_changed", severity="warning",
        title=N_("Nhiệm vụ {number} được tiếp tục"),
        body=DUE,
        audiences=(ACCOUNTABLE, HEAD, COORDINATING), asks=True, moot_at=NOT_OWED,
    ),
    Rule(
        tasks.AssignmentHandedOver, category="new_task", severity="warning",
        title=N_("Nhiệm vụ {number} được chuyển cho {unit}"),
        body=N_("{subject_matter}. Trước đây {previous_unit} chủ trì. Thời hạn: {deadline}."),
        audiences=(ACCOUNTABLE, HEAD, UNIT_BEFORE, COORDINATING), moot_at=OVER,
    ),
    Rule(
        tasks.AssignmentUpdateMissed, category="deadline", severity="warning",
        title=N_("Nhiệm vụ thường xuyên {number} chưa cập nhật trong quý trước"),
        body=N_("{subject_matter}. {unit} chủ trì. Quý kết thúc ngày {quarter}: hãy ghi tiến độ."),
        audiences=(ACCOUNTABLE, HEAD, OFFICE_IN_APP), asks=True,
        moot_at=NOT_OWED | {"in_progress"},
    ),
    Rule(
        tasks.CommitmentMade, category="deadline",
        title=N_("{unit} cam kết hoàn thành nhiệm vụ {number} trước hết ngày {promised}"),
        body=N_("{subject_matter}. Thời hạn vẫn là {deadline}; văn bản ở trang nhiệm vụ."),
        audiences=(OFFICE_IN_APP, DIRECTOR_IN_APP), moot_at=OVER,
    ),
)  # fmt: skip
