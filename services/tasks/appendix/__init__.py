"""Reading the appendix of a plan: bytes of a .docx or .xlsx in, task rows out. Touches no disk."""

from tasks.appendix.isolated import read_in_subprocess
from tasks.appendix.model import Appendix, AppendixRefused, Column
from tasks.appendix.read import read

__all__ = ["Appendix", "AppendixRefused", "Column", "read", "read_in_subprocess"]
