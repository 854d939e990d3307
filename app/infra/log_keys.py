"""The two keys of the access log, made from the key file; neither is ever stored or logged.

One HMACs every row, the other (Ed25519) signs the hourly seals. Both stand outside the database,
so whoever has the database alone can forge neither.
"""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.log_chain import ChainKey


class LogKeys:
    """The keys of one installation's access log."""

    def __init__(self, wrapping: bytes) -> None:
        self.chain = ChainKey(_derived(wrapping, b"casustafel access log chain"))
        self._signing = Ed25519PrivateKey.from_private_bytes(
            _derived(wrapping, b"casustafel access log seal")
        )

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which anybody can check a seal."""
        return self._signing.public_key().public_bytes_raw()

    def sign(self, body: bytes) -> bytes:
        """The signature of a seal; the same body always gives the same one."""
        return self._signing.sign(body)

    def is_signed(self, body: bytes, signature: bytes) -> bool:
        """Whether this signature is ours."""
        try:
            self._signing.public_key().verify(signature, body)
        except InvalidSignature:
            return False
        return True


def _derived(wrapping: bytes, purpose: bytes) -> bytes:
    return hmac.new(wrapping, purpose, hashlib.sha256).digest()
