"""Templates as they are answered, and the fields they may say."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.i18n import Language, say
from chassis.tables import person
from chassis.web import ResponseBody
from reporting.report_templates.domain import Fields
from reporting.report_templates.models import ReportTemplate


class TemplateView(ResponseBody):
    """A version of a kind's template. `number` 0: the layout that comes with the kind.

    `behind`: the kind has changed since it was checked. `taken_from`: the version taken again.
    """

    id: UUID
    kind: str
    kind_name: str
    number: int
    name: str
    in_force: bool
    own_layout: bool
    behind: bool
    taken_from: int | None
    uploaded_by_name: str | None
    uploaded_at: datetime | None
    allowed: list[str]


class FieldView(ResponseBody):
    """A field. `tag`: how a template says it; `within`: the list whose items have it."""

    name: str
    words: str
    kind: str
    tag: str
    within: str | None


async def names_of(session: AsyncSession, rows: Sequence[ReportTemplate]) -> dict[UUID, str]:
    """Return who uploaded them."""
    ids = {row.uploaded_by for row in rows}
    found = await session.execute(select(person.c.id, person.c.name).where(person.c.id.in_(ids)))
    return {row.id: row.name for row in found}


def field_views(
    fields: Fields, language: Language, above: str = "", within: str | None = None
) -> Iterator[FieldView]:
    """Yield every field with its tag, those of a list's items after the list."""
    for name, field in fields.items():
        path = f"{above}{name}"
        if field.kind == "group":
            yield from field_views(field.of, language, f"{path}.", within)
            continue
        tag = f"{{% for x in {path} %}}" if field.kind == "list" else f"{{{{ {path} }}}}"
        yield FieldView(
            name=path, words=say(field.words, language), kind=field.kind, tag=tag, within=within
        )
        if field.kind == "list" and field.of:
            yield from field_views(field.of, language, "x.", path)
        elif field.kind == "list":
            said = say(field.words, language)
            yield FieldView(name="x", words=said, kind="text", tag="{{ x }}", within=path)
