"""How dates and numbers are written."""

from datetime import UTC, datetime

import pytest

from portal import format as formats


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1234.56", "1.234,56"),
        ("88.395", "88,40"),
        ("88.394999", "88,39"),
        ("-0.005", "-0,01"),
        ("0", "0,00"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_a_figure_has_two_places_rounded_half_up_and_no_value_is_a_dash(
    value: str | None, shown: str
) -> None:
    assert formats.decimal(value) == shown


def test_percent_and_english_use_their_own_signs() -> None:
    assert formats.percent("91.2381") == "91,24%"
    assert formats.percent("91.2381", "en") == "91.24%"
    assert formats.percent(None) == "–"


def test_an_explanation_shows_every_place_so_that_it_can_be_recomputed() -> None:
    assert formats.exact("0.123456789012") == "0,123456789012"
    assert formats.exact("47/50") == "47/50"


def test_days_are_written_and_read_as_day_month_year() -> None:
    assert formats.day("2025-11-30") == "30/11/2025"
    assert formats.iso_day("30/11/2025") == "2025-11-30"
    assert formats.iso_day("5/1/2025") == "2025-01-05"


@pytest.mark.parametrize("text", ["31/02/2025", "30-11-2025", "ngày 30/11/2025", "2025-02-31"])
def test_what_is_no_day_is_refused_never_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        formats.iso_day(text)


def test_a_day_in_the_international_form_is_kept() -> None:
    assert formats.iso_day("2025-11-30") == "2025-11-30"


def test_an_instant_is_shown_in_the_departments_time_zone() -> None:
    assert formats.instant("2026-11-22T17:30:00Z") == "23/11/2026 00:30"
    assert formats.clock(datetime(2026, 11, 23, 1, 31, 5, tzinfo=UTC)) == "08:31:05"


def test_sizes_are_in_kilobytes_then_megabytes() -> None:
    assert formats.size(48_213) == "48 KB"
    assert formats.size(12) == "1 KB"
    assert formats.size(1_802_133) == "1,8 MB"
