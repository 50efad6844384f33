"""What may be done with a set and its links, as things stand."""

from collections.abc import Collection, Mapping
from uuid import UUID

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from reporting.criteria.domain import CriteriaSet

_NO_CODE = N_("Không có tiêu chí {missing} trong bộ này")
_NO_TASK = N_("Không có nhiệm vụ này trong năm {year}")
_NO_DOCUMENT = N_("Không có phát hiện, báo cáo hoặc văn bản này trong năm {year}")


def acts_with(status: str) -> list[str]:
    """Return what a set's status (`draft`, `published`) lets those do who may."""
    of_all = ["link", "revise"]
    return ["change", "publish", *of_all] if status == "draft" else of_all


def check_draft(status: str) -> None:
    """Raise RuleBroken (`criteria_set_published`) for a set in force: it never changes again."""
    if "publish" not in acts_with(status):
        sentence = Sentence(N_("Bộ tiêu chí này đã được ban hành"))
        raise RuleBroken("criteria_set_published", sentence)


def check_links(
    links: Mapping[UUID, Collection[str]], criteria: CriteriaSet, tasks: Collection[UUID]
) -> None:
    """Raise InputRefused (`link_invalid`) naming every link to or from what does not exist.

    Args:
        links: sub-criteria by task, in the order in which they were sent; none takes all back.
        criteria: the set they are for.
        tasks: those of its year.
    """
    _check_links(links, criteria, tasks, ("task_id", _NO_TASK))


def check_document_links(
    links: Mapping[UUID, Collection[str]], criteria: CriteriaSet, documents: Collection[UUID]
) -> None:
    """Raise InputRefused (`link_invalid`) as `check_links`, for documents of the set's year."""
    _check_links(links, criteria, documents, ("document_id", _NO_DOCUMENT))


def _check_links(
    links: Mapping[UUID, Collection[str]],
    criteria: CriteriaSet,
    there: Collection[UUID],
    named: tuple[str, str],
) -> None:
    known, (field, sentence) = criteria.by_code(), named
    problems = [
        Problem(f"/links/{i}/sub_criteria", Sentence(_NO_CODE, {"missing": code}))
        for i, codes in enumerate(links.values())
        for code in codes
        if code not in known
    ]
    problems += [
        Problem(f"/links/{i}/{field}", Sentence(sentence, {"year": criteria.year}))
        for i, id_ in enumerate(links)
        if id_ not in there
    ]
    if problems:
        raise InputRefused("link_invalid", Sentence(N_("Liên kết chưa đúng")), problems)
