"""The HTTP door, by noun: the Office's, and the citizen's."""

from surveys.api import codes, pages, public, questionnaires, rounds

ROUTERS = [questionnaires.router, rounds.router, codes.router, public.router, pages.router]
