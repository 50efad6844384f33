"""Words for the methods of the satisfaction index, and for the PAR figures with their sources."""

from portal.i18n import mark

FIGURES: dict[str, dict[str, str]] = {
    "method": {
        "share": mark("Share of satisfied answers (4 and 5)"),
        "mean5": mark("Mean of 5, as percent"),
    },
    "aggregator": {
        "mean_of_items": mark("Mean of the questions"),
        "pooled": mark("All answers pooled"),
        "general_question": mark("The general question"),
    },
    "par_figure": {
        "secured": mark("Secured"),
        "projected": mark("Projected"),
        "official": mark("Official"),
    },
    "value_source": {
        "live": mark("live"),
        "closed_round": mark("closed survey round"),
        "open_round": mark("open survey round, by releases"),
        "ballots": mark("counted ballots"),
        "appraised_2": mark("second appraisal"),
        "appraised_1": mark("first appraisal"),
        "self_score": mark("self-score"),
        "expected": mark("expected by the unit"),
        "last_year": mark("last year"),
        "none": mark("no value"),
        "not_applicable": mark("not applicable"),
        "secured": mark("secured points"),
        "projected": mark("projected points"),
        "official": mark("official points"),
    },
}
