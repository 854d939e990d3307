"""Keeps an upload between preview and confirmation: encrypted, one per person, for one hour."""

from __future__ import annotations

import base64
import hashlib
import uuid
from datetime import timedelta

from sqlalchemy import Delete, delete, select

from app.domain.errors import Reason, Refusal
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import Draft

KEPT = timedelta(hours=1)


def digest_of(data: bytes) -> str:
    """What a confirmation names the previewed file by."""
    return hashlib.sha256(data).hexdigest()


def keep(person_id: uuid.UUID, kind: str, data: bytes) -> None:
    """Keep a file for its owner, instead of an earlier one; nothing is written to disk."""
    text = base64.b64encode(data).decode("ascii")
    sealed = crypto.seal(crypto.DRAFTS, text, belongs_to=_binding(person_id, kind))
    with transaction() as session:
        session.execute(_forget(person_id, kind))
        session.add(
            Draft(
                person_id=person_id,
                form_key=_form_key(kind),
                fields_ct=sealed,
                expires_at=clock.now() + KEPT,
            )
        )


def take(person_id: uuid.UUID, kind: str, digest: str) -> bytes:
    """The kept file; Refusal UPLOAD_GONE when it expired or another came after it."""
    with reading() as session:
        draft = session.scalars(
            select(Draft).where(
                Draft.person_id == person_id,
                Draft.form_key == _form_key(kind),
                Draft.expires_at > clock.now(),
            )
        ).one_or_none()
        sealed = Sealed(draft.fields_ct, _binding(person_id, kind)) if draft else None
    data = base64.b64decode(crypto.unseal(sealed)) if sealed else b""
    if not data or digest_of(data) != digest:
        raise Refusal(Reason.UPLOAD_GONE)
    return data


def forget(person_id: uuid.UUID, kind: str) -> None:
    """Drop the kept file after loading."""
    with transaction() as session:
        session.execute(_forget(person_id, kind))


def _forget(person_id: uuid.UUID, kind: str) -> Delete:
    return delete(Draft).where(Draft.person_id == person_id, Draft.form_key == _form_key(kind))


def _form_key(kind: str) -> str:
    return f"import:{kind}"


def _binding(person_id: uuid.UUID, kind: str) -> str:
    return f"import:{person_id}:{kind}"
