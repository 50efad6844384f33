"""Composition root of the surveys service: the only reader of its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from chassis import i18n
from chassis.database import Database
from chassis.service import Service
from chassis.web import Check
from chassis.web.guesses import Guesses, Patience
from surveys import handlers, jobs, sheets
from surveys.access import RIGHTS
from surveys.answers import api as answers
from surveys.answers.hot import HotRoute
from surveys.answers.reception import Reception
from surveys.closing import api as closing
from surveys.codes import api as codes
from surveys.codes.signer import Signer
from surveys.form import api as form
from surveys.questionnaires import api as questionnaires
from surveys.review import api as review
from surveys.rounds import api as rounds
from surveys.settings import Settings

HERE = Path(__file__).parent
ROUTERS = [
    sheets.router, questionnaires.router, rounds.router, closing.router, answers.of_round,
    review.router, codes.router, answers.router, form.router,
]  # fmt: skip
POLICIES = RIGHTS
EVENTS = handlers.router
DESCRIPTION = "Questionnaires, survey rounds and answers that lead to nobody."

__all__ = ["EVENTS", "POLICIES", "ROUTERS", "build"]

i18n.load(HERE / "locale")


@dataclass
class SurveysService(Service):
    """A service whose application also has a reception, on the application's own pool."""

    own: Settings = field(kw_only=True)

    def http(self, database: Database, checks: Mapping[str, Check] | None = None) -> FastAPI:
        """Return the web application, with the signer and the reception that its routes need."""
        app = super().http(database, checks)
        secret = self.own.ticket_secret.get_secret_value().encode()
        app.state.signer = Signer(secret, self.own.public_url.rstrip("/"))
        app.state.reception = Reception(
            database,
            app.state.signer,
            organisation=self.own.organisation,
            most_unsent=self.own.most_unsent,
            link_answers_per_minute=self.own.link_answers_per_minute,
        )
        app.state.patience = partial(
            Patience,
            guesses=Guesses(),
            refuse=partial(form.too_many_codes, app.state.reception),
            guarded=("/k/", "/v1/public/"),
            wrong=404,
        )
        app.user_middleware.append(Middleware(app.state.patience))
        return app

    def front(self, app: ASGIApp) -> ASGIApp:
        """Answer ballots before the framework, wrong codes of theirs with the same patience."""
        state: Any = getattr(app, "state", None)
        if not hasattr(state, "reception"):
            return app
        return HotRoute(app, state.reception, state.patience)


def build() -> Service:
    """Assemble the service. Raises pydantic.ValidationError when a setting is missing."""
    settings = Settings()
    return SurveysService(
        "surveys",
        settings,
        HERE,
        ROUTERS,
        POLICIES,
        description=DESCRIPTION,
        events=EVENTS,
        clock=jobs.schedule,
        own=settings,
    )
