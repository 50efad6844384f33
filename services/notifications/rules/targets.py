"""What is said of a figure that misses its target, or reaches it again."""

from chassis.words import N_
from contracts.reporting import IndexEvent, TargetMissed, TargetRecovered
from notifications.rules.model import Occasion
from notifications.rules.wording import percent_text, target_text

INDEX_NAMES = {
    "satisfaction": N_("Chỉ số hài lòng"),
    "completion": N_("Tỷ lệ hoàn thành nhiệm vụ"),
    "par_secured": N_("Chỉ số CCHC (chắc chắn đạt)"),
    "par_projected": N_("Chỉ số CCHC (dự kiến)"),
    "par_official": N_("Chỉ số CCHC (thẩm định)"),
}


def occasion_of_target(event: TargetMissed | TargetRecovered) -> Occasion:
    """Return what it means that a figure misses its target, or reaches it again."""
    missed = isinstance(event, TargetMissed)
    return Occasion(
        event_type=event.type,
        case=event.comparison,
        subject_type="index",
        subject_id=event.index.index_id,
        version=event.index.version,
        step=f"v{event.index.version}",
        status="missed" if missed else "recovered",
        facts={**_index_facts(event, up=not missed), "target": target_text(event.target)},
    )


def _index_facts(event: IndexEvent, *, up: bool) -> dict[str, str]:
    index = event.index  # targets are the department's: an index of a unit has none
    return {
        "index": INDEX_NAMES[index.kind],
        "year": str(index.year),
        "value": "—" if index.value is None else percent_text(index.value, up=up),
    }
