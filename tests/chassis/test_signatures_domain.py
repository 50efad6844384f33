"""What to make of a signature: what is wrong with the file comes before whom to trust."""

import pytest

from chassis.signatures.domain import Signature, digest, may_be_signed, shown, verdict

GOOD = {
    "signer": "Trần Văn Bình", "organisation": "Sở", "issuer": "Gốc", "said_at": None,
    "stamped_at": None, "intact": True, "coverage": "whole_file", "additions": "none",
    "root": "Gốc",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "any_roots", "expected"),
    [
        ({}, True, "good"),
        ({"coverage": "earlier_version", "additions": "signatures"}, True, "good"),
        ({"root": None}, True, "untrusted"),
        ({"root": None}, False, "no_roots"),
        ({"intact": False}, True, "broken"),
        ({"intact": None, "coverage": "unclear", "root": None}, True, "unclear"),
        ({"intact": False, "root": None}, False, "broken"),
        ({"coverage": "earlier_version", "additions": "forms"}, True, "changed_after"),
        ({"coverage": "earlier_version", "additions": "other"}, True, "changed_after"),
        ({"coverage": "unclear"}, True, "changed_after"),
        ({"coverage": "unclear", "root": None}, False, "changed_after"),
        ({"intact": False, "additions": "other"}, True, "broken"),
    ],
)
def test_the_verdict_is_the_worst_that_is_known(changed, any_roots, expected):
    assert verdict(Signature(**{**GOOD, **changed}), any_roots=any_roots) == expected


def test_a_set_of_roots_has_one_name_in_whatever_order_it_is_read():
    assert digest(["b", "a"]) == digest(["a", "b"])
    assert len({digest([]), digest(["a"]), digest(["a", "b"])}) == 3


def test_a_name_out_of_a_certificate_keeps_no_tricks():
    assert shown("Trần\x00 Văn\u202e Bình\ud800\n") == "Trần Văn Bình"
    assert len(shown("a" * 9_000)) == 200


def test_only_a_pdf_that_names_a_signed_range_can_be_signed():
    assert may_be_signed(b"%PDF-1.7 ... /ByteRange [0 1 2 3]")
    assert not may_be_signed(b"%PDF-1.7 /Type /Page")
