"""Words for where a body stands in a ranking, and for what two versions say differently."""

from portal.i18n import mark

RANKING: dict[str, dict[str, str]] = {
    "ranking_state": {
        "ranked": mark("ranked"),
        "ineligible": mark("not eligible for assessment"),
        "waiting": mark("sheet not approved yet"),
        "without_index": mark("nothing applies"),
    },
    "ranking_field": {
        "state": mark("State"),
        "rank": mark("Rank"),
        "index": mark("Index"),
        "grade": mark("Grade"),
        "points": mark("Points"),
    },
}
