"""The arithmetic of the access log's chain: hashes, links and Merkle roots; knows no database.

Every row carries a hash of what it says, the hash of the row before it, and an HMAC that ties both
to its number. Without the key no row can be made, changed or moved; nothing here says anything
about whoever has the key: that is what the seals outside are for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

GENESIS: Final = bytes(32)
HASH_BYTES: Final = 32
NONCE_BYTES: Final = 16
CHAINING: Final = frozenset({"id", "prev_hash", "hash", "mac"})

Value = str | int | bytes | uuid.UUID | datetime | None


@dataclass(frozen=True, slots=True)
class ChainKey:
    """The key of the chain; kept outside the database."""

    secret: bytes = field(repr=False)

    def content_hash(self, row: Mapping[Any, Any]) -> bytes:
        """The hash of what a row says, its nonce included: two equal rows differ."""
        return self._mac(b"row", canonical(row))

    def link(self, row_id: int, prev_hash: bytes, content_hash: bytes) -> bytes:
        """What ties a row to its number and to the row before it."""
        return self._mac(b"link", b"%d" % row_id, prev_hash, content_hash)

    def head(self, content_hash: bytes) -> bytes:
        """What says that the row with this hash was the last one."""
        return self._mac(b"head", content_hash)

    def dropped(self, seal_number: int, at: datetime) -> bytes:
        """What says that the rows under a seal were dropped on purpose, and when."""
        return self._mac(b"dropped", b"%d" % seal_number, at.isoformat().encode())

    def _mac(self, *parts: bytes) -> bytes:
        made = hmac.new(self.secret, digestmod=hashlib.sha256)
        for part in parts:
            made.update(len(part).to_bytes(8, "big") + part)
        return made.digest()


def canonical(row: Mapping[str, Value]) -> bytes:
    """One way to write what a row says; empty fields are left out, so new columns change nothing.

    The number and the hashes of the row do not count.
    """
    said = {
        name: _plain(value)
        for name, value in row.items()
        if name not in CHAINING and value not in (None, "", b"")
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")


def _plain(value: Value) -> str | int:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, uuid.UUID):
        return value.hex
    assert value is not None  # noqa: S101 - empty fields were left out
    return value


@dataclass(slots=True)
class MerkleTree:
    """A root over many leaves in little memory (RFC 9162, section 2.1.1)."""

    _peaks: list[tuple[int, bytes]] = field(default_factory=list)
    count: int = 0

    def add(self, leaf: bytes) -> None:
        """Put one more leaf at the right."""
        height, node = 0, hashlib.sha256(b"\x00" + leaf).digest()
        while self._peaks and self._peaks[-1][0] == height:
            node = _joined(self._peaks.pop()[1], node)
            height += 1
        self._peaks.append((height, node))
        self.count += 1

    @property
    def root(self) -> bytes:
        """The root over the leaves so far; of none the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        *left, (_height, node) = self._peaks
        for _height, peak in reversed(left):
            node = _joined(peak, node)
        return node


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves."""
    tree = MerkleTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealBody:
    """What a seal says and signs: which rows there were, and which seal came before it."""

    number: int
    sealed_at: datetime
    first_id: int
    last_id: int
    root: bytes
    last_hash: bytes
    previous: bytes

    def to_bytes(self) -> bytes:
        """The bytes that are signed: one line per field, in this order."""
        lines = (
            "casustafel access log seal 1",
            f"number {self.number}",
            f"sealed_at {self.sealed_at.astimezone(UTC).isoformat(timespec='microseconds')}",
            f"rows {self.first_id}-{self.last_id}",
            f"root {self.root.hex()}",
            f"last_hash {self.last_hash.hex()}",
            f"previous {self.previous.hex()}",
        )
        return ("\n".join(lines) + "\n").encode("ascii")

    def hash(self, signature: bytes) -> bytes:
        """What the next seal names as the one before it."""
        return hashlib.sha256(self.to_bytes() + signature).digest()
