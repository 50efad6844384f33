"""Draw the citizen's pages. Each function returns a whole HTML document.

Send them with `HEADERS`, and the files of `STATIC` under `STATIC_URL` (their address changes with
their content, so they may be cached for good).
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chassis.i18n import Language, say
from chassis.words import Sentence
from surveys.answers.domain import Fields
from surveys.answers.reading import AnswerError
from surveys.questionnaires.domain import SCALE, Question, Questionnaire, Section
from surveys.rounds.domain import Refusal, Why

HERE = Path(__file__).parent
STATIC = HERE / "static"
STATIC_URL = "/k/static"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",  # each GET has its own response id
    "Referrer-Policy": "no-referrer",  # the address holds the code
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class UnitOption:
    """A unit that a respondent may name as the one that served."""

    id: UUID
    name: str


def form(  # noqa: PLR0913 - one for each thing that the page shows
    questionnaire: Questionnaire,
    *,
    organisation: str,
    code: str,
    response_id: UUID,
    answers: Fields | None = None,
    errors: Sequence[AnswerError] = (),
    missing: Collection[str] = (),
    served_by: str | Sequence[UnitOption] = (),
    lang: Language = "vi",
) -> str:
    """Draw the form; 200 at first, 422 when it comes back with `errors` or asks about `missing`.

    Args:
        code: canonical text of the ticket or link, for the form's address.
        response_id: a new UUIDv4 per GET; after an error the one that was posted.
        answers: the posted fields, shown again as they were.
        missing: items left out of a ballot that would not count so; it may be sent all the same.
        served_by: the unit's name when ticket or link say it, else the units to choose from;
            without any the unit question is left out.
    """
    units = () if isinstance(served_by, str) else served_by
    return _page(
        "form.html",
        lang,
        organisation=organisation,
        questionnaire=questionnaire,
        parts=_parts(questionnaire, asks_unit=bool(units)),
        code=code,
        response_id=response_id,
        answers=answers or {},
        errors=errors,
        wrong={error.code: error for error in reversed(errors) if error.code},
        missing=[code for code in questionnaire.questions if code in missing],
        items=len(questionnaire.items),
        units=units,
        unit_name=served_by if isinstance(served_by, str) else None,
        tr=partial(_translated, questionnaire.english if lang == "en" else None),
        levels={level: say(word, lang) for level, word in SCALE.items()},
        scaled=sum(question.kind == "scale5" for question in questionnaire.questions.values()),
    )


def thanks(*, organisation: str, complete: bool = True, lang: Language = "vi") -> str:
    """Draw the page after an answer was stored; 200. Not `complete`: it does not count."""
    return _page("thanks.html", lang, organisation=organisation, complete=complete)


def refused(
    refusal: Refusal, *, organisation: str, sent: bool = False, lang: Language = "vi"
) -> str:
    """Draw the page of a round that is not open yet (403) or closed (410). `sent`: to a ballot."""
    template = "closed.html" if refusal.why is Why.CLOSED else "not_open.html"
    return _page(template, lang, organisation=organisation, reason=refusal.sentence, sent=sent)


def unknown_code(*, organisation: str, lang: Language = "vi") -> str:
    """Draw the page of a code that is malformed, not ours, or a link we do not know; 404."""
    return _page("unknown_code.html", lang, organisation=organisation)


def ask_code(*, organisation: str, lang: Language = "vi") -> str:
    """Draw the page where a printed code is typed in; 200."""
    return _page("ask_code.html", lang, organisation=organisation)


def used_ticket(*, organisation: str, sent: bool = False, lang: Language = "vi") -> str:
    """Draw the page of a ticket that was spent; 410. `sent`: to a ballot, which was not stored."""
    return _page("used_ticket.html", lang, organisation=organisation, sent=sent)


def taken(*, organisation: str, lang: Language = "vi") -> str:
    """Draw the page of a form that was sent, changed and sent again; 409."""
    return _page("taken.html", lang, organisation=organisation)


def codes_tried(*, organisation: str, lang: Language = "vi") -> str:
    """Draw the page for a device that tried too many wrong codes; 429."""
    return _page("codes_tried.html", lang, organisation=organisation)


def voided_ticket(*, organisation: str, sent: bool = False, lang: Language = "vi") -> str:
    """Draw the page of a ticket whose batch was voided; 410. `sent`: to a ballot, not stored."""
    return _page("voided_ticket.html", lang, organisation=organisation, sent=sent)


def busy(*, organisation: str, lang: Language = "vi") -> str:
    """Draw the page of an answer that could not be stored now; 503. Sending again is safe."""
    return _page("busy.html", lang, organisation=organisation)


def _page(template: str, lang: Language, **facts: Any) -> str:
    return _environment(lang).get_template(template).render(lang=lang, **facts)


@cache
def _environment(lang: Language) -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=_static, _=partial(_said, lang))
    return made


def _said(lang: Language, sentence: str | Sentence, **facts: object) -> str:
    """Return a sentence of a template, or of the rules, in the language of the page."""
    return say(sentence, lang, **facts)


@cache
def _static(name: str) -> str:
    """Address of a static file, with the beginning of its hash: a new content is a new address."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"{STATIC_URL}/{name}?v={digest[:10]}"


def _parts(
    questionnaire: Questionnaire, *, asks_unit: bool
) -> list[tuple[Section, list[Question]]]:
    """Sections with the questions to show; a section without any is left out."""
    shown = [
        (part, [asked for asked in part.questions if asks_unit or not asked.options_from])
        for part in questionnaire.sections
    ]
    return [(part, asked) for part, asked in shown if asked]


def _translated(english: Mapping[str, str] | None, text: str) -> str | Markup:
    """Give a text of the questionnaire in English, or in Vietnamese and marked so for a reader."""
    if english is None:
        return text
    if text in english:
        return english[text]
    return Markup('<span lang="vi">{}</span>').format(text)
