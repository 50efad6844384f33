"""HTTP door of reporting: figures and their explanations, criteria sets, the score sheet."""

from reporting.api import criteria_sets, indices, live, overview, score_sheets

ROUTERS = [
    overview.router,
    indices.router,
    criteria_sets.router,
    score_sheets.router,
    live.router,
]
