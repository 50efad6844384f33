"""What is said of what reporting published: a criteria set, the ranking of a block, a report."""

from contracts.reporting import (
    CriteriaSetPublished,
    RankingPublished,
    ReportDraftMoved,
    ReportIssued,
    ReportMailFailed,
)
from notifications.rules.model import Occasion
from notifications.rules.reports import occasion_of_report
from notifications.rules.wording import brief

OfReports = ReportIssued | ReportDraftMoved | ReportMailFailed
OF_REPORTS = (ReportIssued, ReportDraftMoved, ReportMailFailed)


def occasion_of_published(event: CriteriaSetPublished | RankingPublished | OfReports) -> Occasion:
    """Return what it means that a set, a ranking or a report was published, or did not arrive.

    Of a ranking the bodies' own units are told, and who acts for a body; from version 2 on it was
    `corrected`.
    """
    if isinstance(event, OF_REPORTS):
        return occasion_of_report(event)
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
        body_people_ids=tuple(ranking.people_ids or ()),
    )  # fmt: skip
