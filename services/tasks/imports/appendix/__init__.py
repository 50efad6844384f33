"""Reading the appendix of a plan: bytes of a .docx or .xlsx in, tables and task rows out.

`read` stands in `tasks.imports.appendix.reader`: only the child process loads its libraries.
"""

from tasks.imports.appendix.isolated import read_in_subprocess
from tasks.imports.appendix.model import (
    Appendix,
    AppendixRefused,
    Choices,
    Field,
    Outside,
    SeenColumn,
    SeenTable,
)

__all__ = [
    "Appendix",
    "AppendixRefused",
    "Choices",
    "Field",
    "Outside",
    "SeenColumn",
    "SeenTable",
    "read_in_subprocess",
]
