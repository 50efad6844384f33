"""The HTTP door, by noun: the Office's, and the citizen's."""

from surveys.answers import api as public
from surveys.codes import api as codes
from surveys.form import api as pages
from surveys.questionnaires import api as questionnaires
from surveys.rounds import api as rounds

ROUTERS = [questionnaires.router, rounds.router, codes.router, public.router, pages.router]
