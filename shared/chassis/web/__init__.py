"""The HTTP door of every service: routes that own the transaction, errors, paging, versions."""

from chassis.access import INTERNAL, PUBLIC, Policies
from chassis.bodies import Day, Distinct, Instant, Moment, RequestBody, ResponseBody, distinct_by
from chassis.web.app import PolicyMissing, create_app, end_streams
from chassis.web.etag import (
    NOT_THERE,
    IfMatch,
    IfMatchOrNew,
    IfNoneMatch,
    answer_by_content,
    check_version,
    set_etag,
)
from chassis.web.health import Check, database_check, health_app
from chassis.web.idempotency import purge_idempotency_keys
from chassis.web.paging import Page, PageParams, Paging, paginate
from chassis.web.partners import NoteRead, note_in_audit, say_items
from chassis.web.route import ServiceRoute
from chassis.web.router import ServiceRouter
from chassis.web.views import (
    AskedLanguage,
    CurrentActor,
    CurrentCaller,
    Transaction,
    created_at,
    find_again,
    give_back,
)

__all__ = [
    "INTERNAL",
    "NOT_THERE",
    "PUBLIC",
    "AskedLanguage",
    "Check",
    "CurrentActor",
    "CurrentCaller",
    "Day",
    "Distinct",
    "IfMatch",
    "IfMatchOrNew",
    "IfNoneMatch",
    "Instant",
    "Moment",
    "NoteRead",
    "Page",
    "PageParams",
    "Paging",
    "Policies",
    "PolicyMissing",
    "RequestBody",
    "ResponseBody",
    "ServiceRoute",
    "ServiceRouter",
    "Transaction",
    "answer_by_content",
    "check_version",
    "create_app",
    "created_at",
    "database_check",
    "distinct_by",
    "end_streams",
    "find_again",
    "give_back",
    "health_app",
    "note_in_audit",
    "paginate",
    "purge_idempotency_keys",
    "say_items",
    "set_etag",
]
