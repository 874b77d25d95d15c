"""Keys with a certificate of their own, as a USB token holds them: they sign what they are given, raw as JOSE wants."""

from dataclasses import dataclass
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from approvals.certificates import signature
from approvals.certificates.signature import Algorithm, SignedType
from tests.builders import NOW


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A private key and the certificate (DER) over its public one."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: bytes

    def sign(self, algorithm: Algorithm, content: bytes) -> bytes:
        """The raw signature: r and s of 32 bytes each, or the RSA number."""
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(self.key.sign(content, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
        return self.key.sign(content, padding.PKCS1v15() if algorithm is Algorithm.RS256 else pss, hashes.SHA256())

    def jws(self, signed_type: SignedType, payload: bytes, algorithm: Algorithm = Algorithm.ES256) -> str:
        header = signature.header(self.certificate, algorithm, signed_type)
        return signature.assemble(header, self.sign(algorithm, signature.signing_input(header, payload)))


def make_token_key(
    name: str = "Jeanne Martin", key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None
) -> TokenKey:
    """A key, of P-256 unless another is given, whose certificate it signed itself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=700))
        .sign(key, hashes.SHA256())
    )
    return TokenKey(key=key, certificate=certificate.public_bytes(serialization.Encoding.DER))
