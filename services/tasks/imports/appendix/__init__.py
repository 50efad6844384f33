"""Reading the appendix of a plan: bytes of a .docx or .xlsx in, task rows out. Touches no disk.

`read` stands in `tasks.imports.appendix.reader`: only the child process loads its libraries.
"""

from tasks.imports.appendix.isolated import read_in_subprocess
from tasks.imports.appendix.model import Appendix, AppendixRefused, Column

__all__ = ["Appendix", "AppendixRefused", "Column", "read_in_subprocess"]
