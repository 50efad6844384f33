"""Which lists can be taken away as .xlsx, and with which columns: each declared once, here."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import CurrentActor, ServiceRouter
from chassis.web.sheets import Listed, ListSheet, names_in, offer_sheet, units_by_id
from chassis.words import N_
from notifications.channels.in_app.api import list_notifications
from notifications.partners.api import list_partners, read_access
from notifications.partners.models import Partner
from notifications.subscribers.catalogue.views import EventTypes, listed
from notifications.subscribers.subscriptions.api import list_subscriptions
from notifications.subscribers.webhooks.deliveries_api import list_deliveries

router = ServiceRouter(prefix="/v1", tags=["lists as .xlsx"])
STATUS = N_("Tình trạng")
SEVERITY = {"info": N_("Để biết"), "warning": N_("Cần chú ý"), "critical": N_("Khẩn")}
PARTNER_STATE = {
    "active": N_("Được đọc"), "expired": N_("Hết hạn"), "revoked": N_("Đã thu hồi"),
}  # fmt: skip
SUBSCRIPTION_STATE = {
    "active": N_("Đang chạy"), "paused": N_("Tạm dừng"), "disabled": N_("Hệ thống đã dừng"),
}  # fmt: skip
TRANSPORT = {"webhook": N_("Webhook"), "amqp": N_("Hàng đợi"), "feed": N_("Luồng sự kiện")}
DELIVERY_STATE = {
    "queued": N_("Chờ gửi"), "pending": N_("Chờ gửi"), "sending": N_("Đang gửi"),
    "sent": N_("Đã gửi"), "delivered": N_("Đã nhận"), "failed": N_("Không giao được"),
    "unknown": N_("Không rõ đã đến chưa"), "dropped": N_("Không gửi nữa"),
}  # fmt: skip
SERVICE = {
    "tasks": N_("Kế hoạch và nhiệm vụ"), "surveys": N_("Khảo sát"), "reporting": N_("Chỉ số"),
}  # fmt: skip

NOTIFICATIONS = ListSheet("thong-bao", N_("DANH SÁCH THÔNG BÁO CỦA TÔI"), (
    Listed("created_at", N_("Lúc"), 17, "instant"),
    Listed("severity", N_("Mức"), 14, words=SEVERITY),
    Listed("title", N_("Thông báo"), 50),
    Listed("body", N_("Nội dung"), 60),
    Listed("reason_text", N_("Vì sao nhận"), 40),
    Listed("read_at", N_("Đọc lúc"), 17, "instant"),
    Listed("moot", N_("Không còn cần"), 12),
), {"unread": N_("Chưa đọc")})  # fmt: skip
EVENT_TYPES = ListSheet("loai-su-kien", N_("DANH SÁCH LOẠI SỰ KIỆN CÔNG KHAI"), (
    Listed("type", N_("Loại"), 44),
    Listed("service", N_("Của phần"), 24, words=SERVICE),
    Listed("aggregate", N_("Đối tượng"), 22),
    Listed("version", N_("Bản"), 6, "number"),
    Listed("meaning", N_("Ý nghĩa (tiếng Anh)"), 70),
    Listed("deprecated_on", N_("Bỏ từ ngày"), 12, "day"),
))  # fmt: skip
DELIVERIES = ListSheet("lan-giao", N_("DANH SÁCH LẦN GIAO THƯ VÀ SỰ KIỆN"), (
    Listed("created_at", N_("Lúc"), 17, "instant"),
    Listed("event_type", N_("Loại sự kiện"), 40),
    Listed("person_name", N_("Người nhận thư"), 26),
    Listed("address", N_("Địa chỉ"), 30),
    Listed("state", STATUS, 16, words=DELIVERY_STATE),
    Listed("attempts", N_("Số lần thử"), 10, "number"),
    Listed("sent_at", N_("Gửi lúc"), 17, "instant"),
    Listed("delivered_at", N_("Nhận lúc"), 17, "instant"),
    Listed("status", N_("Mã trả lời"), 10),
    Listed("error", N_("Lỗi"), 40),
    Listed("smtp_reply", N_("Máy chủ thư trả lời"), 40),
), {"subscription_id": N_("Đăng ký")})  # fmt: skip
PARTNERS = ListSheet("doi-tac", N_("DANH SÁCH HỆ THỐNG ĐỐI TÁC"), (
    Listed("name", N_("Tên hệ thống"), 36),
    Listed("organisation", N_("Cơ quan"), 36),
    Listed("contact_email", N_("Thư liên hệ"), 28),
    Listed("state", STATUS, 14, words=PARTNER_STATE),
    Listed("expires_on", N_("Hết hạn ngày"), 13, "day"),
    Listed("scopes", N_("Được đọc"), 28),
    Listed("unit_ids", N_("Của các đơn vị"), 44),
    Listed("created_at", N_("Thêm lúc"), 17, "instant"),
    Listed("revoked_at", N_("Thu hồi lúc"), 17, "instant"),
))  # fmt: skip
ACCESS = ListSheet("doi-tac-da-doc", N_("ĐỐI TÁC ĐÃ ĐỌC GÌ"), (
    Listed("hour", N_("Giờ"), 17, "instant"),
    Listed("route", N_("Địa chỉ"), 44),
    Listed("requests", N_("Số lần"), 10, "number"),
    Listed("items", N_("Số mục"), 10, "number"),
    Listed("last_at", N_("Lần cuối"), 17, "instant"),
))  # fmt: skip
SUBSCRIPTIONS = ListSheet("dang-ky-nhan", N_("DANH SÁCH ĐĂNG KÝ NHẬN SỰ KIỆN"), (
    Listed("name", N_("Tên"), 36),
    Listed("partner_id", N_("Đối tác"), 30),
    Listed("transport", N_("Cách giao"), 16, words=TRANSPORT),
    Listed("state", STATUS, 18, words=SUBSCRIPTION_STATE),
    Listed("types", N_("Loại sự kiện"), 44),
    Listed("unit_ids", N_("Của các đơn vị"), 40),
    Listed("lag.events", N_("Số sự kiện chưa giao"), 12, "number"),
    Listed("last_sent_at", N_("Giao lần cuối"), 17, "instant"),
    Listed("last_error", N_("Lỗi gần nhất"), 40),
))  # fmt: skip


async def _names(session: AsyncSession) -> Mapping[UUID, str]:
    return {**await units_by_id(session), **await names_in(session, Partner)}


async def _event_types(actor: CurrentActor) -> EventTypes:  # noqa: ARG001 - who asks is known first
    return listed()


offer_sheet(
    router, "/notifications.xlsx", list_notifications, NOTIFICATIONS, policy="notification.read"
)
offer_sheet(router, "/event_types.xlsx", _event_types, EVENT_TYPES, policy="event_type.export")
offer_sheet(router, "/deliveries.xlsx", list_deliveries, DELIVERIES, policy="delivery.export")
offer_sheet(router, "/partners.xlsx", list_partners, PARTNERS, policy="partner.read", names=_names)
offer_sheet(router, "/partners/{id}/access.xlsx", read_access, ACCESS, policy="partner.read_access")
offer_sheet(
    router, "/subscriptions.xlsx", list_subscriptions, SUBSCRIPTIONS,
    policy="subscription.export", names=_names,
)  # fmt: skip
