"""Files that are broken, hostile or something else: one clear refusal each, nothing opened."""

import struct
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from tasks.imports.appendix import AppendixRefused, read_in_subprocess
from tasks.imports.appendix.reader import read

DEMO = Path(__file__).parents[2] / "demo"
WORD = (DEMO / "phu_luc_2025.docx").read_bytes()
EXCEL = (DEMO / "phu_luc_2025.xlsx").read_bytes()


def refusal(content, filename="phu_luc.docx"):
    with pytest.raises(AppendixRefused) as refused:
        read(content, filename)
    return refused.value


def changed(content, replaced=(), **added):
    """Copy an archive with parts replaced (pairs of name and bytes) or added."""
    parts, target = dict(replaced) | added, BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name) if name in parts else old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def part(content, name):
    with ZipFile(BytesIO(content)) as package:
        return package.read(name)


def sheet(*rows):
    """An .xlsx of one sheet with these rows of text."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7 whatever", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "đời cũ hoặc có đặt mật khẩu"),
        (b"STT,Nhi\xe1\xbb\x87m v\xe1\xbb\xa5", "không phải .docx hoặc .xlsx"),
        (b"", "không phải .docx hoặc .xlsx"),
        (b"PK\x03\x04 and then nothing", "không phải .docx hoặc .xlsx"),
        (WORD[:5000], "không phải .docx hoặc .xlsx"),
    ],
    ids=["pdf", "old-word", "csv", "empty", "stump", "cut-short"],
)
def test_another_kind_of_file_renamed_is_refused_in_one_clear_sentence(content, word):
    refused = refusal(content)
    assert refused.code == "appendix_wrong_kind"
    assert word in str(refused.sentence)


def test_a_zip_without_a_document_is_refused():
    target = BytesIO()
    with ZipFile(target, "w") as package:
        package.writestr("hello.txt", "xin chào")
    assert refusal(target.getvalue()).code == "appendix_wrong_kind"


def test_a_workbook_called_docx_is_refused_with_the_right_ending():
    refused = refusal(EXCEL, "phu_luc.docx")
    assert refused.code == "appendix_wrong_kind"
    assert "đuôi .xlsx" in str(refused.sentence)
    assert len(read(EXCEL, "PHU_LUC.XLSX").rows) == 38


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = changed(WORD, {"word/media/image1.png": bytes(90_000_000)})
    assert len(bomb) < 200_000
    assert refusal(bomb).code == "appendix_unsafe"


def test_too_much_and_too_many_are_refused():
    many = changed(WORD, {f"word/media/{number}.bin": b"" for number in range(2_000)})
    assert refusal(many).code == "appendix_too_large"
    assert refusal(bytes(20_000_001)).code == "appendix_too_large"


def test_a_directory_that_lies_about_its_sizes_unpacks_no_more_than_it_says():
    bomb = bytearray(changed(WORD, {"word/comments.xml": b"<a>" + b" " * 30_000_000 + b"</a>"}))
    entry = bomb.rindex(b"word/comments.xml") - 46  # its record in the central directory
    assert bomb[entry : entry + 4] == b"PK\x01\x02"
    bomb[entry + 24 : entry + 28] = struct.pack("<I", 1_000)  # unpacked size
    assert refusal(bytes(bomb)).code in ("appendix_wrong_kind", "appendix_unreadable")


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "word/../../evil", "C:evil"])
def test_paths_that_lead_out_of_the_archive_are_refused(name):
    assert refusal(changed(WORD, {name: b"<a/>"})).code == "appendix_unsafe"


@pytest.mark.parametrize(
    "name",
    ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.bin"],
)
def test_macros_and_embedded_objects_are_refused(name):
    refused = refusal(changed(WORD, {name: b"\0"}))
    assert refused.code == "appendix_unsafe"
    assert "macro" in str(refused.sentence)


@pytest.mark.parametrize(
    ("kind", "target", "safe"),
    [
        ("hyperlink", "https://khanhhoa.example", True),
        ("attachedTemplate", "file:///C:/Users/vp/Normal.dotm", True),
        ("attachedTemplate", "https://evil.example/t.dotm", False),
        ("attachedTemplate", "file:////evil.example/share/t.dotm", False),
        ("oleObject", "file:///C:/secret.doc", False),
        ("image", "https://evil.example/pixel.png", False),
    ],
)
def test_only_hyperlinks_and_templates_on_the_own_disk_may_point_outside(kind, target, safe):
    rels = part(WORD, "word/_rels/document.xml.rels").decode()
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="x9" Type="{base}/{kind}" TargetMode="External" Target="{target}"/>'
    changed_rels = rels.replace("</Relationships>", f"{link}</Relationships>").encode()
    file = changed(WORD, {"word/_rels/document.xml.rels": changed_rels})
    if safe:
        assert len(read(file, "phu_luc.docx").rows) == 38
    else:
        assert refusal(file).code == "appendix_unsafe"


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE, b"<!DOCTYPE a>"])
@pytest.mark.parametrize(
    ("content", "name"), [(WORD, "word/document.xml"), (EXCEL, "xl/sharedStrings.xml")]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part_and_encoding(content, name, declaration, encoding):
    text = part(content, name).decode().split("?>", 1)[-1]
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{declaration.decode()}{text}'
    kind = "docx" if content is WORD else "xlsx"
    bad = changed(content, {name: xml.encode(encoding)})
    assert refusal(bad, f"phu_luc.{kind}").code == "appendix_unsafe"


def test_a_broken_part_is_refused_not_raised():
    bad = changed(WORD, {"word/document.xml": b"<w:document"})
    assert refusal(bad).code == "appendix_unreadable"


def test_a_document_of_the_wrong_shape_is_refused_not_raised():
    bad = changed(WORD, {"word/document.xml": b"<document/>"})
    assert refusal(bad).code == "appendix_unreadable"


def test_a_table_with_missing_columns_is_refused_naming_them_and_what_was_found():
    refused = refusal(sheet(["STT", "Nhiệm vụ", "Sản phẩm"], ["1", "Báo cáo", "x"]), "a.xlsx")
    assert refused.code == "appendix_columns_missing"
    assert str(refused.sentence) == (
        "Bảng thiếu cột: Đơn vị chủ trì; Thời gian thực hiện/hoàn thành. "
        "Các cột tìm thấy: STT; Nhiệm vụ; Sản phẩm."
    )


def test_a_file_without_the_table_is_refused_naming_the_columns_it_should_have():
    refused = refusal(sheet(["Kính gửi", "Sở Nội vụ"]), "a.xlsx")
    assert refused.code == "appendix_no_table"
    assert "Đơn vị chủ trì" in str(refused.sentence)
    assert refusal(sheet(), "a.xlsx").code == "appendix_no_table"


def test_a_sheet_with_one_cell_at_the_end_of_the_world_is_refused():
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        page.write(0, 0, "STT")
        page.write(1_048_575, 16_383, "x")
    refused = refusal(target.getvalue(), "a.xlsx")
    assert refused.code == "appendix_too_large"
    assert "XFD1048576" in str(refused.sentence)


async def test_the_subprocess_passes_a_refusal_on():
    with pytest.raises(AppendixRefused) as refused:
        await read_in_subprocess(b"%PDF-1.7", "phu_luc.docx")
    assert refused.value.code == "appendix_wrong_kind"


async def test_a_reader_that_takes_too_long_is_ended_and_refused():
    with pytest.raises(AppendixRefused) as refused:
        await read_in_subprocess(WORD, "phu_luc.docx", timeout=0.01)
    assert refused.value.code == "appendix_too_large"
