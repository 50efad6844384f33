"""A file that should hold one trusted certificate."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from chassis.errors import InvalidInput
from chassis.signatures.domain import shown
from chassis.words import N_

LARGEST = 65_536  # bytes; a certificate has two thousand
_PEM, _KEY = b"-----BEGIN CERTIFICATE-----", b"PRIVATE KEY-----"
_HAS_KEY = N_("Tệp «{name}» có khoá bí mật: chỉ tải lên chứng thư, và giữ khoá ở nơi của nó")
_MANY = N_("Tệp «{name}» có {count} chứng thư: mỗi lần tải lên một chứng thư gốc")
_NONE = N_("Tệp «{name}» không phải là chứng thư: cần tệp .cer, .crt, .der hoặc .pem")
_NO_ROOT = N_("Chứng thư «{name}» không được cấp chứng thư cho người khác nên không làm gốc được")


@dataclass(frozen=True)
class Certificate:
    """What is kept of a certificate. `content`: DER."""

    name: str
    valid_from: datetime
    valid_until: datetime
    content: bytes


def read(name: str, content: bytes) -> Certificate:
    """Return the certificate of a PEM or DER file. Raises InvalidInput `certificate_…`."""
    if _KEY in content:
        raise InvalidInput(_HAS_KEY, code="certificate_with_key", name=name)
    count = content.count(_PEM)
    if count > 1:
        raise InvalidInput(_MANY, code="certificate_not_one", name=name, count=count)
    try:
        found = _load(content)
        subject = _name(found)
        may_issue = _may_issue(found)
    except ValueError as error:
        raise InvalidInput(_NONE, code="certificate_unreadable", name=name) from error
    if not may_issue:
        raise InvalidInput(_NO_ROOT, code="certificate_no_root", name=subject)
    return Certificate(
        subject,
        found.not_valid_before_utc,
        found.not_valid_after_utc,
        found.public_bytes(Encoding.DER),
    )


def _load(content: bytes) -> x509.Certificate:
    if len(content) > LARGEST:
        raise ValueError("too large for a certificate")
    if _PEM in content:
        return x509.load_pem_x509_certificate(content)
    return x509.load_der_x509_certificate(content)


def _name(found: x509.Certificate) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME):
        if named := found.subject.get_attributes_for_oid(oid):
            return shown(str(named[0].value))
    return shown(found.subject.rfc4514_string())


def _may_issue(found: x509.Certificate) -> bool:
    try:
        return bool(found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return found.version is x509.Version.v1  # older roots know no such word
