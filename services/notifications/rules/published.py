"""What is said of what reporting published for a year: a criteria set, the ranking of a block."""

from contracts.reporting import CriteriaSetPublished, RankingPublished
from notifications.rules.model import Occasion
from notifications.rules.wording import brief


def occasion_of_published(event: CriteriaSetPublished | RankingPublished) -> Occasion:
    """Return what it means that a criteria set or a ranking was published.

    Of a ranking the bodies' own units are told; from version 2 on it was `corrected`.
    """
    if isinstance(event, CriteriaSetPublished):
        facts = {"title": brief(event.title), "year": str(event.year)}
        return Occasion(
            event_type=event.type, case="", subject_type="criteria_set", subject_id=event.subject,
            version=event.version, step=f"v{event.version}", facts=facts,
        )  # fmt: skip
    ranking = event.ranking
    facts = {
        "block": brief(ranking.block_name), "year": str(ranking.year),
        "number": str(ranking.version),
    }  # fmt: skip
    return Occasion(
        event_type=event.type, case="corrected" if ranking.version > 1 else "",
        subject_type="ranking", subject_id=event.subject, version=event.version,
        step=f"v{event.version}", facts=facts,
        scope_unit_ids=tuple(body.unit_id for body in ranking.bodies if body.unit_id),
    )  # fmt: skip
