"""What the Office sets for all reports: themes of difficulties, reminders, the form around them."""

from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response

from chassis.access import Actor
from chassis.web import (
    CurrentActor,
    Distinct,
    IfMatchOrNew,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    distinct_by,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.unit_reports.defaults import Setting
from tasks.unit_reports.setting import change_setting, setting

router = ServiceRouter(prefix="/v1/unit_report_settings", tags=["unit_reports"])
Line = Annotated[str, Field(min_length=1, max_length=300)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=50)]
Step = Annotated[int, Field(ge=0, le=60)]


class ThemeBody(RequestBody):
    """A theme of difficulties. `active` false: what named it goes on, nobody chooses it anew."""

    code: Code
    name: Line
    active: bool = True


class FormBody(RequestBody):
    """What stands around the compiled report, as Nghị định 30/2020/NĐ-CP has it."""

    parent: Line
    issuer: Line
    symbol: Annotated[str, Field(min_length=1, max_length=50)]
    place: Line
    addressed_to: Annotated[list[Line], Field(max_length=10)]
    copies_to: Annotated[list[Line], Field(max_length=20)]
    signature_titles: Annotated[list[Line], Field(min_length=1, max_length=4)]
    signature_name: Annotated[str, Field(max_length=200)]


class SettingBody(RequestBody):
    """All of it, whole. `reminder_steps`: working days before the last working day."""

    themes: Annotated[list[ThemeBody], Field(min_length=1, max_length=50), distinct_by("code")]
    reminder_steps: Annotated[list[Step], Field(max_length=10), Distinct]
    form: FormBody


class ThemeView(ResponseBody):
    """A theme of difficulties."""

    code: str
    name: str
    active: bool


class SettingView(ResponseBody):
    """What holds for all reports. `composed`: by us, until the Office sets its own."""

    version: int
    composed: bool
    themes: list[ThemeView]
    reminder_steps: list[int]
    form: dict[str, Any]
    allowed: list[str]


@router.get("", policy="unit_report_setting.read")
async def read_settings(
    session: Transaction, actor: CurrentActor, response: Response
) -> SettingView:
    """Return what holds for all reports, with its ETag."""
    return _answer(await setting(session), actor, response)


@router.put("", policy="unit_report_setting.change")
async def put_settings(
    body: SettingBody,
    expected: IfMatchOrNew,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> SettingView:
    """Set it, whole. 412 when it was changed meanwhile; 422 `theme_removed`: make it inactive."""
    facts = body.model_dump(mode="json")
    at = await moment(session)
    changed = await change_setting(session, actor, expected, facts, at)
    return _answer(changed, actor, response)


def _answer(held: Setting, actor: Actor, response: Response) -> SettingView:
    set_etag(response, held.version)
    return SettingView(
        version=held.version,
        composed=held.version == 0,
        themes=[ThemeView.model_validate(each) for each in held.themes],
        reminder_steps=sorted(held.reminder_steps),
        form=dict(held.form),
        allowed=RIGHTS.allowed(actor, "unit_report_setting", ("change",)),
    )
