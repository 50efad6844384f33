"""The signatures of a PDF, by pyHanko. Nothing is fetched: what is revoked is not asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from chassis.signatures.domain import Additions, Coverage, Signature, shown

MOST = 50  # signatures of one file
DEEPEST = 20  # fields within fields
_COVERAGE: dict[SignatureCoverageLevel | None, Coverage] = {
    SignatureCoverageLevel.ENTIRE_FILE: "whole_file",
    SignatureCoverageLevel.ENTIRE_REVISION: "earlier_version",
}
_ADDITIONS: dict[ModificationLevel | None, Additions] = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "signatures",
}
_USAGES = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)


def signatures_of(content: bytes, roots: Sequence[bytes], moment: datetime) -> list[Signature]:
    """Return what the signatures of a PDF say, in the order they were made.

    Raises whatever the library does about a file that is broken.
    """
    trusted = [x509.Certificate.load(root) for root in roots]
    reader = PdfFileReader(BytesIO(content), strict=False)
    signed = reader.embedded_regular_signatures
    if len(signed) > MOST:
        raise ValueError(f"{len(signed)} signatures")
    additions = {**_ADDITIONS, ModificationLevel.FORM_FILLING: _filled(reader)}
    return [_signature(each, trusted, moment, additions) for each in signed]


def _filled(reader: PdfFileReader) -> Additions:
    """Tell what was filled in later: where nothing else can be, further signatures."""
    form = _followed(reader.root.get("/AcroForm", {}))
    return "forms" if _any_to_fill_in(form.get("/Fields", ()), 0) else "signatures"


def _any_to_fill_in(fields: Any, depth: int) -> bool:
    if depth > DEEPEST:
        raise ValueError("fields of fields without end")
    each = [_followed(field) for field in _followed(fields)]
    return any(
        field.get("/FT", "/Sig") != "/Sig" or _any_to_fill_in(field.get("/Kids", ()), depth + 1)
        for field in each
    )


def _followed(found: Any) -> Any:
    """Return what a reference leads to; anything else is there already."""
    referred: Any = found if isinstance(found, generic.IndirectObject) else None
    return found if referred is None else referred.get_object()


def _signature(
    embedded: EmbeddedPdfSignature,
    trusted: Sequence[x509.Certificate],
    moment: datetime,
    additions: Mapping[ModificationLevel | None, Additions],
) -> Signature:
    context = ValidationContext(
        trust_roots=list(trusted), moment=moment, allow_fetching=False, revocation_mode="soft-fail"
    )
    try:
        status = validate_pdf_signature(
            embedded, context, ts_validation_context=context, key_usage_settings=_USAGES
        )
    except SignatureValidationError:
        return _said(embedded)  # of a kind, or by a procedure, that is not trusted any more
    stamp, whole = status.timestamp_validity, status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    stamped = stamp.timestamp if stamp and stamp.valid and stamp.trusted else None
    return replace(
        _said(embedded),
        stamped_at=stamped.isoformat() if stamped else None,
        intact=status.intact and status.valid,
        coverage=_COVERAGE.get(status.coverage, "unclear"),
        additions="none" if whole else additions.get(status.modification_level, "other"),
        root=_root(status),
    )


def _said(embedded: EmbeddedPdfSignature) -> Signature:
    """Return what a signature says of itself."""
    subject, issuer = embedded.signer_cert.subject.native, embedded.signer_cert.issuer.native
    said = embedded.self_reported_timestamp
    return Signature(
        signer=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        issuer=_text(issuer.get("common_name")),
        said_at=said.isoformat() if said else None,
        stamped_at=None,
        intact=None,
        coverage="unclear",
        additions="other",
        root=None,
    )


def _root(status: PdfSignatureStatus) -> str | None:
    path = status.validation_path
    if not status.trusted or path is None:
        return None
    name = path.trust_anchor.authority.name
    return _text(name.native.get("common_name")) or shown(name.human_friendly)


def _text(value: object) -> str:
    """Return a part of a name, which may stand there more than once."""
    return shown(", ".join(map(str, value)) if isinstance(value, list) else str(value or ""))
