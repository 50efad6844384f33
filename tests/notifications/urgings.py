"""Urgings, as tasks says that they happened."""

from datetime import date

from tests.notifications.world import id_of

from contracts import tasks

DAY = date(2026, 3, 16)


def urged(
    *people: str, unit: str = "CCHC", origin: str = "office", count: int = 2,
    about: str = "assignments", **changed,
):  # fmt: skip
    named = [
        tasks.UrgedPerson(
            person_id=id_of(code), urged_as="lead", count=count, number="NV-2026-0001",
            days_late=3, words=f"Đề nghị {code} làm ngay", **changed,
        )
        for code in people
    ]  # fmt: skip
    return tasks.UnitUrged(
        unit_urging_id=id_of(f"part {unit}"), urging_id=id_of("urging"), unit_id=id_of(unit),
        origin=origin, on=DAY, people=named, about=about,
    )  # fmt: skip
