"""Encryption of confidential text: AES-256-GCM, a data key per scope, a key store of its own.

A scope is (case, retention class), or a named scope for text of no case. Data keys are wrapped by
the key of the key file and live in a separate database, so that destroying one row makes the text
unreadable in every older backup of the data too. Never log or return a key.

Stored form: one format byte, 16 bytes key id, 12 bytes nonce, ciphertext with tag. The additional
data binds a text to its row and column: a ciphertext moved elsewhere does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    create_engine,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from app.domain.kinds import RetentionClass
from app.infra import db as database
from app.infra.log_keys import LogKeys

FORMAT = b"\x01"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_HEADER = 1 + 16 + _NONCE_BYTES
_SCOPES_PER_QUERY = 500

_metadata = MetaData()
data_key = Table(
    "data_key",
    _metadata,
    Column("id", Uuid(), primary_key=True),
    Column("scope", String(120), nullable=False, unique=True),
    Column("wrapped", LargeBinary(), nullable=False),
)


class TextDestroyedError(Exception):
    """The data key of this text was destroyed; the text is gone for good."""


class TextDamagedError(Exception):
    """The stored text was changed or moved; it does not open."""


@dataclass(frozen=True, slots=True)
class KeyScope:
    """What one data key protects."""

    name: str

    @classmethod
    def of_case(cls, case_id: uuid.UUID, retention: RetentionClass) -> KeyScope:
        """The scope of one retention class of one case."""
        return cls(f"case:{case_id}:{retention.value}")

    @classmethod
    def of_reply(cls, reply_id: uuid.UUID) -> KeyScope:
        """The scope of what somebody wrote with one answer: it goes without those of others."""
        return cls(f"reply:{reply_id}")

    @classmethod
    def of_request(cls, request_id: uuid.UUID) -> KeyScope:
        """The scope of who asked for access, and of what was said about that."""
        return cls(f"request:{request_id}")

    @classmethod
    def of_referral(cls, referral_id: uuid.UUID) -> KeyScope:
        """The scope of a referral's draft: destroyed when it is sent or thrown away."""
        return cls(f"referral:{referral_id}")

    @classmethod
    def of_print_run(cls, run_id: uuid.UUID) -> KeyScope:
        """The scope of what one print run made; destroyed when the run expires."""
        return cls(f"print-run:{run_id}")

    @classmethod
    def of_export(cls, export_id: uuid.UUID) -> KeyScope:
        """The scope of one copy somebody asked for; destroyed when it expires."""
        return cls(f"export:{export_id}")

    @classmethod
    def of_exclusions(cls, case_id: uuid.UUID) -> KeyScope:
        """The scope of why people are kept out of one case; goes with the last of the case."""
        return cls(f"exclusions:{case_id}")

    @classmethod
    def of_try(cls, reference: str) -> KeyScope:
        """The scope of tries to open a case by this reference, whether or not there is one.

        Its name does not tell the reference; with the case goes what was tried.
        """
        return cls(f"try:{store().fingerprint(f'try:{reference}').hex()}")


ACCOUNTS = KeyScope("own:accounts")
DRAFTS = KeyScope("own:drafts")
REASONS = KeyScope("own:reasons")


class WrongKeyFileError(RuntimeError):
    """The keys of the store were wrapped by the key of another file."""


class KeyStore:
    """Data keys in their own database, wrapped by the key of the key file."""

    def __init__(self, url: str, key_file: Path) -> None:
        wrapping = bytes.fromhex(key_file.read_text(encoding="ascii").strip())
        if len(wrapping) != _KEY_BYTES:
            message = "the key file must hold 32 bytes as 64 hexadecimal digits"
            raise ValueError(message)
        self._wrap = AESGCM(wrapping)
        self._index = hashlib.sha256(b"index" + wrapping).digest()
        self.log_keys = LogKeys(wrapping)
        self.engine: Engine = create_engine(url)
        database.prepare_engine(self.engine)
        _metadata.create_all(self.engine)

    def key_of(self, scope: KeyScope) -> tuple[uuid.UUID, bytes]:
        """The data key of a scope, made on first use; safe against two makers at once."""
        found = self._find(scope)
        if found:
            return found
        key_id, key = uuid.uuid4(), secrets.token_bytes(_KEY_BYTES)
        try:
            with self.engine.begin() as connection:
                connection.execute(
                    insert(data_key).values(
                        id=key_id, scope=scope.name, wrapped=self._wrapped(key_id, key)
                    )
                )
        except IntegrityError:
            made_by_other = self._find(scope)
            if made_by_other is None:
                raise
            return made_by_other
        return key_id, key

    def keys_by_id(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        """Unwrapped keys for these ids, in one statement; destroyed keys are absent."""
        wanted = set(ids)
        if not wanted:
            return {}
        statement = select(data_key.c.id, data_key.c.wrapped).where(data_key.c.id.in_(wanted))
        with self.engine.connect() as connection:
            rows = connection.execute(statement).all()
        return {row.id: self._unwrapped(row.id, row.wrapped) for row in rows}

    def keys_of(self, scopes: Iterable[KeyScope]) -> dict[KeyScope, tuple[uuid.UUID, bytes]]:
        """The data keys of many scopes, the missing ones made in one batch (bulk loading)."""
        wanted = {scope.name: scope for scope in scopes}
        with self.engine.begin() as connection:
            found = {
                wanted[row.scope]: (row.id, self._unwrapped(row.id, row.wrapped))
                for names in _slices(wanted)
                for row in connection.execute(select(data_key).where(data_key.c.scope.in_(names)))
            }
            made = {
                scope: (uuid.uuid4(), secrets.token_bytes(_KEY_BYTES))
                for scope in wanted.values()
                if scope not in found
            }
            rows = [
                {"id": key_id, "scope": scope.name, "wrapped": self._wrapped(key_id, key)}
                for scope, (key_id, key) in made.items()
            ]
            if rows:
                connection.execute(insert(data_key), rows)
        return found | made

    def count(self) -> int:
        """How many keys it holds; WrongKeyFileError when the key file does not open them."""
        with self.engine.connect() as connection:
            number = connection.scalar(select(func.count()).select_from(data_key)) or 0
            one = connection.execute(select(data_key.c.id, data_key.c.wrapped).limit(1)).first()
        try:
            if one is not None:
                self._unwrapped(one.id, one.wrapped)
        except InvalidTag:
            raise WrongKeyFileError from None
        return number

    def destroy(self, scope: KeyScope) -> bool:
        """Destroy a data key; all text under it is gone. False when there was none."""
        return self.destroy_all([scope.name]) > 0

    def destroy_all(self, names: Iterable[str]) -> int:
        """Destroy the data keys of many scopes by their names; gives how many there were."""
        with self.engine.begin() as connection:
            return sum(
                connection.execute(delete(data_key).where(data_key.c.scope.in_(part))).rowcount
                for part in _slices(names)
            )

    def fingerprint(self, text: str) -> bytes:
        """A keyed HMAC for equality search without storing the text."""
        return hmac.new(self._index, text.encode(), hashlib.sha256).digest()

    def _find(self, scope: KeyScope) -> tuple[uuid.UUID, bytes] | None:
        statement = select(data_key.c.id, data_key.c.wrapped).where(data_key.c.scope == scope.name)
        with self.engine.connect() as connection:
            row = connection.execute(statement).one_or_none()
        return (row.id, self._unwrapped(row.id, row.wrapped)) if row else None

    def _wrapped(self, key_id: uuid.UUID, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._wrap.encrypt(nonce, key, key_id.bytes)

    def _unwrapped(self, key_id: uuid.UUID, wrapped: bytes) -> bytes:
        return self._wrap.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], key_id.bytes)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A stored ciphertext with the row and column it belongs to."""

    ciphertext: bytes | None
    belongs_to: str


_store: KeyStore | None = None


def open_key_store(url: str, key_file: Path) -> KeyStore:
    """Open the key store of this process; called once by the application factory."""
    global _store  # noqa: PLW0603 - one key store per process, opened at start
    if _store is not None:
        _store.engine.dispose()
    _store = KeyStore(url, key_file)
    return _store


def store() -> KeyStore:
    """The open key store; RuntimeError before the application was made."""
    if _store is None:
        message = "the key store is not open"
        raise RuntimeError(message)
    return _store


def write_key_file(path: Path) -> None:
    """Make a new key file, readable by its owner only; refuses to overwrite."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")


def seal(scope: KeyScope, text: str, *, belongs_to: str) -> bytes:
    """Encrypt for a scope; ``belongs_to`` names row and column, such as ``section:<id>:text``."""
    return _sealed(store().key_of(scope), text, belongs_to)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A text that still has to be encrypted for its scope, row and column."""

    scope: KeyScope
    text: str
    belongs_to: str


def seal_many(texts: Sequence[Unsealed]) -> list[bytes]:
    """Encrypt many texts with a few statements on the key store; for bulk loading."""
    keys = store().keys_of(one.scope for one in texts)
    return [_sealed(keys[one.scope], one.text, one.belongs_to) for one in texts]


def _sealed(key: tuple[uuid.UUID, bytes], text: str, belongs_to: str) -> bytes:
    key_id, secret = key
    nonce = os.urandom(_NONCE_BYTES)
    return (
        FORMAT
        + key_id.bytes
        + nonce
        + AESGCM(secret).encrypt(nonce, text.encode(), belongs_to.encode())
    )


def reseal(sealed: Sealed, change: Callable[[str], str]) -> bytes:
    """Change a text and seal it under the key it had: one statement on the key store."""
    key_id = _key_of(sealed)
    keys = _keys_of([sealed])
    text = change(_opened(sealed, keys))
    if key_id is None:
        raise TextDestroyedError
    return _sealed((key_id, keys[key_id]), text, sealed.belongs_to)


def _slices(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(names)
    while part := tuple(islice(rest, _SCOPES_PER_QUERY)):
        yield part


def unseal(sealed: Sealed) -> str:
    """Decrypt one text; raises TextDestroyedError or TextDamagedError. Empty for no text."""
    return unseal_many([sealed])[0]


def unseal_many(sealed: Sequence[Sealed]) -> list[str]:
    """Decrypt many texts with one statement on the key store; an absent text gives ``""``."""
    keys = _keys_of(sealed)
    return [_opened(one, keys) for one in sealed]


def unseal_left(sealed: Sequence[Sealed]) -> list[str]:
    """As ``unseal_many``; a text whose key was destroyed gives ``""`` too."""
    keys = _keys_of(sealed)
    return [_opened(one, keys) if _key_of(one) in keys else "" for one in sealed]


def _keys_of(sealed: Sequence[Sealed]) -> dict[uuid.UUID, bytes]:
    return store().keys_by_id(key for one in sealed if (key := _key_of(one)))


def _key_of(sealed: Sealed) -> uuid.UUID | None:
    raw = sealed.ciphertext
    return uuid.UUID(bytes=raw[1:17]) if raw else None


def _opened(sealed: Sealed, keys: dict[uuid.UUID, bytes]) -> str:
    raw = sealed.ciphertext
    if not raw:
        return ""
    if raw[:1] != FORMAT:
        raise TextDamagedError
    key = keys.get(uuid.UUID(bytes=raw[1:17]))
    if key is None:
        raise TextDestroyedError
    try:
        plain = AESGCM(key).decrypt(raw[17:_HEADER], raw[_HEADER:], sealed.belongs_to.encode())
    except InvalidTag:
        raise TextDamagedError from None
    return plain.decode()
