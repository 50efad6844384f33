"""Checking the signatures of a PDF: bytes in, `Signature`s out, in a process of its own.

`signatures_of` stands in `checking.pdf`: only the child process loads its library.
"""

from chassis.signatures.checking.isolated import check

__all__ = ["check"]
