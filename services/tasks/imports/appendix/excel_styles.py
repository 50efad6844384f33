"""Styles of an Excel workbook: number formats and struck fonts of its cells."""

from typing import Any

from tasks.imports.appendix.excel_words import is_on
from tasks.imports.appendix.number_formats import BUILT_IN, BY_MACHINE, shows_date


class Styles:
    """What a cell's style number means."""

    def __init__(self, root: Any | None) -> None:
        """Take the root of styles.xml; None: every cell is plain."""
        self._codes: dict[int, str] = {}
        self._formats: list[tuple[int, bool]] = []
        if root is None:
            return
        for one in root.iterfind("{*}numFmts/{*}numFmt"):
            self._codes[int(one.get("numFmtId"))] = one.get("formatCode") or ""
        struck = [is_on(font.find("{*}strike")) for font in root.iterfind("{*}fonts/{*}font")]
        for one in root.iterfind("{*}cellXfs/{*}xf"):
            font = int(one.get("fontId") or 0)
            is_struck = font < len(struck) and struck[font]
            self._formats.append((int(one.get("numFmtId") or 0), is_struck))

    def number(self, style: int) -> int:
        """Return the number of the style's number format."""
        return self._formats[style][0] if style < len(self._formats) else 0

    def format(self, style: int) -> tuple[int, str | None]:
        """Return number and own code of the style's number format; no code: a built-in one."""
        number = self.number(style)
        return number, self._codes.get(number)

    def is_date(self, style: int) -> bool:
        """Say whether the style shows a number as a day."""
        number, code = self.format(style)
        return number in BY_MACHINE or shows_date(code or BUILT_IN.get(number, "General"))

    def struck(self, style: int) -> bool:
        """Say whether the whole cell is struck through."""
        return style < len(self._formats) and self._formats[style][1]
