"""What is generated from the code and committed: schemas, examples, event table, API descriptions.

`python -m devstack contracts` writes it; `--check` fails when anything differs from what is
committed, when a version of an event would break its readers, or when nobody consumes a type.
"""

from contract_files.files import generate

__all__ = ["generate"]
