"""How an address of the list is read, written, and turned into what the service takes."""

from starlette.datastructures import QueryParams

from portal import listing
from portal.listing import COLUMNS, TASK, body, chips, of_query, read, saved

WRITTEN = (
    "q=báo cáo&unit_id=u1&unit_id=u2&status=done&due_from=31/02/2025&due_to=1/3/2025"
    "&overdue=true&late=no&sort=-due_on&column=person&column=colour&column=unit&cursor=x"
)


def asked() -> listing.Listing:
    return read(QueryParams(WRITTEN))


def test_an_address_is_read_without_what_is_empty_or_strange() -> None:
    found = read(QueryParams("q= &unit_id=&unit_id=u1&unit_id=u1&overdue=1&due_to=&view="))

    assert found.filters == {"unit_id": ["u1"]}
    assert (found.sort, found.columns) == ("", listing.USUAL)
    assert asked().columns == ("person", "unit")


def test_a_day_is_written_for_the_service_and_one_that_no_calendar_has_narrows_nothing() -> None:
    assert asked().asked() == {
        "q": "báo cáo", "unit_id": ["u1", "u2"], "status": ["done"], "overdue": "true",
        "due_to": "2025-03-01",
    }  # fmt: skip
    assert asked().wrong == {"due_from": "no_such_day"}
    assert asked().filters["due_from"] == "31/02/2025"


def test_an_address_that_is_read_again_says_the_same() -> None:
    assert of_query(asked().address().partition("?")[2]) == asked()


def test_a_heading_sorts_upwards_first_and_then_downwards() -> None:
    plain = read(QueryParams("q=x"))
    rising = of_query(plain.sorted_by(COLUMNS["due_on"]).partition("?")[2])
    falling = of_query(rising.sorted_by(COLUMNS["due_on"]).partition("?")[2])

    assert (rising.sort, falling.sort) == ("due_on", "-due_on")
    assert [one.direction(COLUMNS["due_on"]) for one in (plain, rising, falling)] == [
        "", "ascending", "descending",
    ]  # fmt: skip
    assert plain.direction(TASK) == "ascending"
    assert plain.direction(COLUMNS["product"]) == ""


def test_each_active_filter_is_a_chip_that_takes_itself_away() -> None:
    names = {"unit_id": {"u1": "Phòng A"}}
    found = chips(asked(), names)
    said = [(one.title, one.words or one.code) for one in found]

    assert said == [
        ("words: ", "báo cáo"), ("due until ", "01/03/2025"), ("unit: ", "Phòng A"),
        ("unit: ", "u2"), ("status: ", "done"), ("", "overdue"),
    ]  # fmt: skip
    of_unit = of_query(found[2].address.partition("?")[2])
    assert of_unit.filters["unit_id"] == ["u2"]
    assert of_query(found[0].address.partition("?")[2]).filters.get("q") is None
    assert of_query(asked().cleared().partition("?")[2]).filters == {}


def test_the_file_has_the_columns_and_the_order_of_the_page() -> None:
    address = asked().export()

    assert address.startswith("/assignments.xlsx?q=b%C3%A1o+c%C3%A1o&due_to=2025-03-01&unit_id=u1")
    assert address.endswith("&sort=-due_on&columns=number%2Ccontent%2Coccurrence%2Cperson%2Cunit")
    assert asked().export("follow_up").endswith("&overdue=true&columns=follow_up")
    assert asked().export(ids=["a", "b"]) == f"{address}&id=a&id=b"


def test_a_saved_view_opens_the_list_it_was_saved_from() -> None:
    kept = {"id": "v1", **body(asked())}

    assert kept["filters"]["overdue"] is True
    opened = of_query(saved(kept).partition("?")[2])
    assert opened.asked() == asked().asked()
    assert (opened.sort, opened.columns, opened.view) == ("-due_on", ("person", "unit"), "v1")


def test_every_column_of_the_page_is_one_that_the_service_saves_and_exports() -> None:
    exported = {name for column in (TASK, *COLUMNS.values()) for name in column.exported}

    assert set(COLUMNS) <= exported
