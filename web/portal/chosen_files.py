"""Files that somebody chose: no browser puts them back into a form that returns, so it says so.

An input that had files carries their names in a hidden mark; with the mark, a form without files
is refused until somebody ticks that none are meant: nothing is handed in without them by accident.
"""

from collections.abc import Mapping

from starlette.datastructures import FormData, UploadFile

from portal.problems import Problem

MARK, WITHOUT = "files_of_", "without_"  # before the name of the input


def chosen(form: FormData, name: str) -> list[UploadFile]:
    """Return the files of an input. Raises Problem where its form returned and lacks them."""
    files = [each for each in form.getlist(name) if isinstance(each, UploadFile) and each.filename]
    if not files and _written(form, MARK + name) and not _written(form, WITHOUT + name):
        raise Problem(422, {"code": "files_expected"})
    return files


def lost(form: FormData) -> dict[str, list[str]]:
    """Return the names of the files that a form had and its return will lack, by input."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and value.filename:
            found.setdefault(name, []).append(value.filename)
    for mark in [name for name in form if name.startswith(MARK)]:
        name = mark.removeprefix(MARK)
        if _written(form, mark) and not _written(form, WITHOUT + name):
            found.setdefault(name, [_written(form, mark)])
    return found


def _written(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def about(file: UploadFile, problem: Problem) -> Problem:
    """Return a refusal of one file among several, naming it."""
    name = str(file.filename)

    def naming(words: str) -> str:
        return words if name in words else f"“{name}”: {words}"

    errors: list[Mapping[str, str]] = [
        {**each, "message": naming(each.get("message", ""))} for each in problem.errors
    ]
    said = {"code": problem.code, "detail": naming(problem.text), "errors": errors}
    return Problem(problem.status, said)


async def sent_file(form: FormData) -> tuple[str, bytes]:
    """Return name and content of a form's one file. Raises Problem (422 `file_missing`)."""
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    return file.filename, await file.read()
