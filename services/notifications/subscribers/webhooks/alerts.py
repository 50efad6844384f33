"""Who hears that a receiver fails, at 50, 70, 90 and 100 %: administrators, the partner's contact.

Administrators are told in-app and by mail; the contact, who has no account here, by mail alone.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from chassis.words import N_
from notifications.channels.in_app.pushes import push_new
from notifications.ledger.actions import store
from notifications.ledger.models import Notification
from notifications.obligations.people import known
from notifications.rules.reasons import Reason
from notifications.rules.wording import brief
from notifications.subscribers.webhooks.retrying import ALARMS

FAILING = N_("Webhook «{name}» không gửi được: {percent} % số lần cho phép")
DISABLED = N_("Webhook «{name}» đã bị dừng")
FAILING_BODY = N_(
    "Lỗi gần nhất: {error}. Tin vẫn được giữ và gửi lại; tới 100 % thì hệ thống dừng gửi."
    " Hãy báo hệ thống đối tác kiểm tra địa chỉ nhận."
)
DISABLED_BODY = N_(
    "{reason}; lỗi gần nhất: {error}. Tin chưa nhận vẫn được giữ; khi bên nhận đã sẵn sàng, hãy cho"
    " đăng ký chạy lại."
)
CHECK_BODY = N_(
    "Lỗi gần nhất: {error}. Tin vẫn được giữ và gửi lại; tới 100 % thì hệ thống dừng gửi."
    " Hãy kiểm tra địa chỉ nhận của hệ thống mình."
)
LEFT_BODY = N_(
    "{reason}; lỗi gần nhất: {error}. Tin chưa nhận vẫn được giữ; khi bên nhận đã sẵn sàng, hãy cho"
    " đăng ký chạy lại (POST …/resume) hoặc báo quản trị viên của Sở."
)
GONE = N_("bên nhận trả lời 410: không nhận tin nữa")
EXHAUSTED = N_("không nhận được tin nào trong ba ngày")


@dataclass(frozen=True)
class Alert:
    """A receiver that took nothing for so many percent of what is allowed; 100: it is left."""

    subscription_id: UUID
    partner_id: UUID
    name: str
    percent: int
    error: str
    gone: bool = False

    @property
    def is_end(self) -> bool:
        """Whether nothing is sent any more."""
        return self.percent == ALARMS[-1]

    @property
    def reason(self) -> str:
        """Return why it was left, for those who look at the subscription."""
        return GONE if self.gone else EXHAUSTED


async def tell(session: AsyncSession, alert: Alert, now: datetime) -> None:
    """Tell them, in the transaction that counted the failure: nobody hears of a step twice."""
    active = (await known(session)).active
    notices = [_notice(alert, each.id, now) for each in active.with_role("admin")]
    to_contact = _notice(alert, alert.partner_id, now)
    to_contact.body = LEFT_BODY if alert.is_end else CHECK_BODY
    to_contact.reason = Reason.PARTNER_CONTACT.value
    everybody = [*notices, to_contact]
    fresh = await store(session, everybody, [each.id for each in everybody])
    await push_new(session, [each for each in fresh if each is not to_contact])


def _notice(alert: Alert, to: UUID, now: datetime) -> Notification:
    facts = {"name": brief(alert.name), "percent": str(alert.percent),
             "error": brief(alert.error), "reason": alert.reason}  # fmt: skip
    return Notification(
        id=new_id(), person_id=to, event_id=alert.subscription_id, case="",
        event_type="notifications.webhook_failing", subject_type="subscription",
        subject_id=alert.subscription_id, subject_version=1,
        step=f"{alert.percent} {now.isoformat()}", category="webhook",
        severity="critical" if alert.is_end else "warning", asks=True,
        reason=Reason.WEBHOOK_FAILING.value, title=DISABLED if alert.is_end else FAILING,
        body=DISABLED_BODY if alert.is_end else FAILING_BODY, facts=facts, created_at=now,
        must_acknowledge=False,
    )  # fmt: skip
