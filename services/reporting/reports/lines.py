"""The lists of assignments: their columns, and their rows as PostgreSQL writes them.

They are kept as canonical JSON, a part at a time, and so they are written: a year of 50,000 read
into Python, made into lists and written as JSON again takes it more than a second.
"""

from collections.abc import Mapping, Sequence

from reporting.reports.lists import PART, Column
from reporting.reports.numbers import ListCode

ASSIGNMENTS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Số", "text", 30), ("Nhiệm vụ", "text", 58), ("Sản phẩm", "text", 36),
    ("Đơn vị chủ trì", "text", 36), ("Thời hạn", "text", 25), ("Ngày nộp", "day", 25),
    ("Tình trạng", "text", 28),
)  # fmt: skip
OWED: tuple[Column, ...] = (
    ("STT", "count", 14), ("Số", "text", 30), ("Nhiệm vụ", "text", 61),
    ("Đơn vị chủ trì", "text", 34), ("Thời hạn", "text", 26),
)  # fmt: skip
PAUSED: tuple[Column, ...] = (
    ("STT", "count", 14), ("Số", "text", 30), ("Nhiệm vụ", "text", 45),
    ("Đơn vị chủ trì", "text", 28), ("Thời hạn", "text", 24), ("Tạm dừng từ", "day", 24),
)  # fmt: skip
COLUMNS: Mapping[ListCode, Sequence[Column]] = {
    "assignments": ASSIGNMENTS, "overdue": OWED, "open": ASSIGNMENTS, "paused": PAUSED,
    "next": OWED,
}  # fmt: skip
"""Of each list of assignments, in their order."""
_SHORT = ("number", "content", "unit_name", "due")
_LONG = ("number", "content", "product", "unit_name", "due", "handed_in", "state")
_VALUES = {ASSIGNMENTS: _LONG, OWED: _SHORT, PAUSED: (*_SHORT, "paused_since")}
_OPEN = "owed AND stands <> 'done'"
_WHICH: Mapping[ListCode, str] = {
    "assignments": "mine", "overdue": "overdue", "open": f"{_OPEN} AND NOT paused",
    "paused": f"{_OPEN} AND paused", "next": "coming",
}  # fmt: skip
# Behind `told` of `counting`: how a row is said, and its place in every list.
LINES = """
    line AS (
      SELECT told.mine, told.coming, told.owed, told.paused, told.overdue, told.stands,
        row_number() OVER (
          ORDER BY unit.sort_order, unit.id, length(told.number), told.number) AS place,
        told.number, told.content || coalesce(' (' || nullif(told.occurrence, '') || ')', '')
          AS content, told.product, coalesce(unit.name, '') AS unit_name,
        coalesce(to_char(told.due_on, 'DD/MM/YYYY'), told.deadline_text) AS due,
        coalesce(to_char(told.handed_in_on, 'YYYY-MM-DD'), '') AS handed_in,
        to_char(told.paused_on, 'YYYY-MM-DD') AS paused_since,
        CASE
          WHEN stands = 'done' AND handed_in_on > due_on THEN 'Hoàn thành quá hạn'
          WHEN stands = 'done' THEN 'Hoàn thành đúng hạn'
          WHEN paused THEN 'Tạm dừng'
          WHEN overdue THEN 'Quá hạn chưa hoàn thành'
          WHEN stands = 'not_started' THEN 'Chưa thực hiện'
          WHEN stands = 'in_progress' THEN 'Đang thực hiện'
          WHEN stands = 'submitted' THEN 'Chờ duyệt kết quả'
          WHEN stands = 'returned' THEN 'Trả lại'
          WHEN stands = 'cancelled' THEN 'Không còn thực hiện' END AS state
      FROM told LEFT JOIN unit ON unit.id = told.unit_id
    )
"""


def list_of(code: ListCode) -> str:
    """Return the statement of a list: its code, and of each part the number, how many rows, rows.

    An array of texts is written without a space, as canonical JSON is.
    """
    values = ", ".join(_VALUES[tuple(COLUMNS[code])])
    return f"""
        SELECT '{code}', (n - 1) / {PART}, count(*), '[' || string_agg(said, ',' ORDER BY n) || ']'
        FROM (
          SELECT n, '[' || n || ',' || substr(CAST(array_to_json(ARRAY[{values}]) AS text), 2)
            AS said
          FROM (SELECT row_number() OVER (ORDER BY place) AS n, line.* FROM line
            WHERE {_WHICH[code]}) AS chosen
        ) AS written GROUP BY 2
    """  # noqa: S608 - ours
