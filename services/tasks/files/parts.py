"""The file of a form: exactly one, or the caller hears what came instead."""

from typing import Annotated, Any

from fastapi import Depends, File
from pydantic import WithJsonSchema
from starlette.datastructures import UploadFile
from starlette.requests import Request

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence

NOT_A_FILE = Sentence(N_("Phần «file» là chữ, không phải tệp: hãy chọn một tệp để tải lên"))
SEVERAL_FILES = N_("Có {count} phần «file»: mỗi lần chỉ tải lên một tệp, hãy gửi từng tệp một")

# Any, so that words in place of the file get a sentence of ours; the schema says what is wanted.
_Part = Annotated[Any, File(), WithJsonSchema({"type": "string", "format": "binary"})]


async def _one_file(request: Request, file: _Part) -> UploadFile:
    parts = (await request.form()).getlist("file")
    if len(parts) > 1:
        raise _refused(Sentence(SEVERAL_FILES, {"count": len(parts)}))
    if not isinstance(file, UploadFile):
        raise _refused(NOT_A_FILE)
    return file


def _refused(sentence: Sentence) -> InputRefused:
    return InputRefused("file_part_wrong", sentence, [Problem("/file", sentence)])


OneFile = Annotated[UploadFile, Depends(_one_file)]
"""The one part `file` of a multipart form. 422 `file_part_wrong` for several, or for words."""
