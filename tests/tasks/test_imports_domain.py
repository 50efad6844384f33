"""From raw rows to the preview: units, deadlines, warnings, what each row expands to."""

from dataclasses import replace

import pytest

from tasks.deadlines.domain import Frame
from tasks.imports.domain import RawRow, plan_row, plan_rows

ROW = RawRow(
    row_number=1, stt="1", section="Cải cách thể chế", subject_matter="Rà soát văn bản",
    content="Rà soát VBQPPL", product="Báo cáo", lead_text="Văn phòng Sở",
    coordinating_text="Thanh tra Sở", deadline_text="Quý II, Quý III/2025",
)  # fmt: skip


def warned(row) -> tuple[str, ...]:
    """What the row's warnings say in Vietnamese."""
    return tuple(str(warning.sentence) for warning in row.warnings)


def expanded(row) -> int:
    """How many assignments the row becomes."""
    return len(row.lead_unit_ids) * len(row.deadline.occurrences)


@pytest.fixture
def planned(demo_book, demo_frame):
    return lambda **changes: plan_row(replace(ROW, **changes), demo_book, demo_frame)


def test_a_clear_row_has_its_units_its_deadline_and_no_warning(planned, demo_units):
    row = planned()
    assert row.warnings == ()
    assert row.lead_unit_ids == (demo_units["VP"].unit_id,)
    assert row.accountable_unit_id == demo_units["VP"].unit_id
    assert row.coordinating_unit_ids == (demo_units["TTr"].unit_id,)


def test_a_row_expands_to_each_lead_unit_in_each_occurrence(planned):
    assert expanded(planned()) == 2
    assert expanded(planned(lead_text="Các phòng, đơn vị thuộc Sở")) == 24
    assert expanded(planned(lead_text="Văn phòng Sở; Thanh tra Sở")) == 4


def test_a_leading_unit_does_not_also_coordinate(planned, demo_units):
    row = planned(coordinating_text="Các phòng, đơn vị thuộc Sở")
    assert len(row.coordinating_unit_ids) == 11
    assert demo_units["VP"].unit_id not in row.coordinating_unit_ids


def test_of_several_lead_units_the_first_is_accountable_until_somebody_chooses(planned, demo_units):
    row = planned(lead_text="Thanh tra Sở, Văn phòng Sở")
    assert row.accountable_unit_id == demo_units["TTr"].unit_id
    assert warned(row) == (
        (
            "STT 1, cột Đơn vị chủ trì: có 2 đơn vị. Chọn một đơn vị chịu trách nhiệm chính; "
            "đang lấy đơn vị ghi trước: Thanh tra Sở."
        ),
    )


def test_units_led_as_a_group_each_answer_for_their_own(planned):
    row = planned(lead_text="Các phòng, đơn vị thuộc Sở")
    assert row.accountable_unit_id is None
    assert row.warnings == ()


def test_blank_coordinating_units_are_allowed(planned):
    row = planned(coordinating_text="")
    assert (row.coordinating_unit_ids, row.warnings) == ((), ())


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        (
            {"lead_text": "Phòng Lao động và Việc làm"},
            ("STT 1, cột Đơn vị chủ trì: không có đơn vị “Phòng Lao động và Việc làm”. "
            "Gần giống: Phòng Lao động - Việc làm."),
        ),
        (
            {"coordinating_text": "XYZ"},
            "STT 1, cột Đơn vị phối hợp: không có đơn vị “XYZ”. Chọn trong danh sách đơn vị.",
        ),
        (
            {"coordinating_text": "Các phòng, đơn vị có liên quan"},
            ("STT 1, cột Đơn vị phối hợp: “Các phòng, đơn vị có liên quan” không nói rõ đơn vị "
            "nào. Chọn từng đơn vị."),
        ),
        ({"lead_text": ""}, "STT 1, cột Đơn vị chủ trì: để trống. Chọn ít nhất một đơn vị."),
        (
            {"lead_text": "nt"},
            ("STT 1, cột Đơn vị chủ trì: “nt” chưa được thay bằng đơn vị của dòng trên. "
            "Chọn đơn vị."),
        ),
        (
            {"coordinating_text": "Như mục trên"},
            ("STT 1, cột Đơn vị phối hợp: “Như mục trên” chưa được thay bằng đơn vị của dòng "
            "trên. Chọn đơn vị."),
        ),
        (
            {"product": "-nt-"},
            "STT 1, cột Sản phẩm: “-nt-” chưa được thay bằng nội dung dòng trên. Ghi lại.",
        ),
        (
            {"content": "Như trên"},
            ("STT 1, cột Giải pháp, nhiệm vụ: “Như trên” chưa được thay bằng nội dung dòng trên. "
            "Ghi lại."),
        ),
        ({"content": ""}, "STT 1, cột Giải pháp, nhiệm vụ: để trống. Ghi việc phải làm."),
        (
            {"deadline_text": "31/6/2025"},
            ("STT 1, cột Thời gian: không có ngày 31 tháng 6 năm 2025 (ngày viết trước, tháng viết "
            "sau): “31/6/2025”. Ghi ngày dạng 30/6, hoặc kỳ dạng Quý II, Tháng 9, Hàng tháng, "
            "Thường xuyên."),
        ),
    ],
)  # fmt: skip
def test_a_warning_names_row_column_value_and_what_would_be_right(planned, changes, warning):
    assert warning in warned(planned(**changes))


def test_a_number_used_twice_is_said_in_both_rows(demo_book, demo_frame):
    rows = plan_rows(
        [ROW, replace(ROW, row_number=2), replace(ROW, stt="3")], demo_book, demo_frame
    )
    assert [warned(row) for row in rows] == [
        ("STT 1, số thứ tự bị lặp lại",), ("STT 1, số thứ tự bị lặp lại",), (),
    ]  # fmt: skip


def test_a_due_day_in_a_year_without_a_calendar_is_warned_about(demo_book, demo_calendar):
    frame = Frame(2027, None, demo_calendar)
    row = plan_row(replace(ROW, deadline_text="Quý II"), demo_book, frame)
    assert "chưa nhập lịch làm việc năm 2027" in warned(row)[0]
