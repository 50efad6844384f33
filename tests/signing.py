"""A certification authority of the tests, and PDFs that its people sign with pyHanko."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfWriter

DAY = timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Certified:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def root(name: str = "Gốc chứng thực thử nghiệm") -> Certified:
    """Make a root that may issue certificates."""
    return _certify(name, None, ca=True)


def person(name: str, by: Certified, *, ended: timedelta = -365 * DAY) -> Certified:
    """Make the certificate of somebody who signs. `ended`: how long ago it ended."""
    return _certify(name, by, ca=False, ended=ended)


def clock(by: Certified) -> Certified:
    """Make the certificate of an authority that stamps with its time."""
    return _certify("Dấu thời gian thử nghiệm", by, ca=False, stamps=True)


def _certify(
    name: str,
    by: Certified | None,
    *,
    ca: bool,
    ended: timedelta = -3650 * DAY,
    stamps: bool = False,
) -> Certified:
    key: Key = ec.generate_private_key(ec.SECP256R1())
    if stamps:  # pyHanko's clock of tests knows no other kind
        key = rsa.generate_private_key(65537, 2048)
    now = datetime.now(UTC)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cơ quan thử nghiệm"),
        ]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 400 * DAY)
        .not_valid_after(now - ended)
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not ca, content_commitment=not ca, key_cert_sign=ca, crl_sign=ca,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )  # fmt: skip
    if stamps:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        built = built.add_extension(purpose, critical=True)
    if by is not None:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())
        built = built.add_extension(identifier, critical=False)
    return Certified(built.sign(by.key if by else key, hashes.SHA256()), key)


def blank(pages: int = 1) -> bytes:
    """Return a PDF with empty pages of A4."""
    writer, written = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(written)
    return written.getvalue()


def signed(
    content: bytes, by: Certified, field: str = "Ky1", *, stamped_by: Certified | None = None
) -> bytes:
    """Return a PDF with one more signature."""
    signer = signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(by.der),
        signing_key=_key_of(by),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    writer = IncrementalPdfFileWriter(BytesIO(content))
    stamper = stamped_by and DummyTimeStamper(
        asn1.Certificate.load(stamped_by.der), _key_of(stamped_by)
    )
    with ThreadPoolExecutor(1) as thread:  # it runs an event loop of its own
        done = thread.submit(
            signers.sign_pdf, writer, metadata, signer=signer, timestamper=stamper
        ).result()
    return bytes(done.getbuffer())


def _key_of(certified: Certified) -> keys.PrivateKeyInfo:
    private = certified.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return keys.PrivateKeyInfo.load(private)


def changed_after(content: bytes) -> bytes:
    """Return a signed PDF with a page of another size, written behind what was signed."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    page_ref = writer.root["/Pages"]["/Kids"].raw_get(0)
    page = page_ref.get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.mark_update(page_ref)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
