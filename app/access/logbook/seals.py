"""Seals the access log: a signed root over the rows since the last seal, in a file outside too.

A row in the database first, then its file: a file that could not be written is written at the next
round, so that the folder never holds a seal the database does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import checks
from app.access.actor import Actor
from app.domain.errors import NotVisible
from app.domain.log_chain import GENESIS, MerkleTree, SealBody
from app.infra import clock, crypto, seal_files
from app.infra.db import reading, transaction
from app.infra.seal_files import SealFile
from app.models import AuditEvent, AuditHead, AuditSeal

# Every worker seals once an hour; what another did just now need not be done again.
LEAST_APART: Final = timedelta(minutes=30)
ROWS_AT_ONCE: Final = 5_000


class RowsMissingError(Exception):
    """The log has fewer rows than its head says; it is not sealed. ``audit verify`` says which."""


def seal_log(folder: Path, *, least_apart: timedelta = LEAST_APART) -> int | None:
    """Seal the rows since the last seal, and write every file that is not there yet.

    Gives the number of the new seal, None when there is nothing to seal, when the last seal is
    younger than ``least_apart``, or when another worker was first. RowsMissingError, OSError.
    """
    with reading() as session:
        made = _next_seal(session, least_apart)
    if made is not None:
        try:
            with transaction() as session:
                session.add(made)
        except IntegrityError:
            made = None
    _write_files(folder)
    return made.number if made else None


@dataclass(frozen=True, slots=True)
class LastSeal:
    """How far the log is sealed."""

    number: int
    sealed_at: datetime
    last_id: int


def last_seal(session: Session, actor: Actor) -> LastSeal | None:
    """The last seal, for the privacy officer; NotVisible for anybody else."""
    if not actor.is_privacy_officer:
        raise NotVisible
    checks.note()
    found = _last(session)
    return LastSeal(found.number, found.sealed_at, found.last_id) if found else None


def _last(session: Session) -> AuditSeal | None:
    return session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).first()


def body_of(seal: AuditSeal) -> SealBody:
    """What a stored seal says."""
    return SealBody(
        number=seal.number,
        sealed_at=seal.sealed_at,
        first_id=seal.first_id,
        last_id=seal.last_id,
        root=seal.root,
        last_hash=seal.last_hash,
        previous=seal.previous,
    )


def _next_seal(session: Session, least_apart: timedelta) -> AuditSeal | None:
    last = _last(session)
    head = session.scalars(select(AuditHead)).one_or_none()
    now = clock.now()
    if head is None or (
        last and (last.last_id == head.last_id or now - last.sealed_at < least_apart)
    ):
        return None
    first_id = last.last_id + 1 if last else 1
    tree, last_hash = _tree_over(session, first_id, head.last_id)
    body = SealBody(
        number=last.number + 1 if last else 1,
        sealed_at=now,
        first_id=first_id,
        last_id=head.last_id,
        root=tree.root,
        last_hash=last_hash,
        previous=body_of(last).hash(last.signature) if last else GENESIS,
    )
    return AuditSeal(
        number=body.number,
        sealed_at=body.sealed_at,
        first_id=body.first_id,
        last_id=body.last_id,
        root=body.root,
        last_hash=body.last_hash,
        previous=body.previous,
        signature=crypto.store().log_keys.sign(body.to_bytes()),
    )


def _tree_over(session: Session, first_id: int, last_id: int) -> tuple[MerkleTree, bytes]:
    tree, last_hash = MerkleTree(), GENESIS
    rows: Any = session.execute(
        select(AuditEvent.mac, AuditEvent.hash)
        .where(AuditEvent.id.between(first_id, last_id))
        .order_by(AuditEvent.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for mac, content_hash in rows:
        tree.add(mac)
        last_hash = content_hash
    if tree.count != last_id - first_id + 1:
        message = f"rows are missing between {first_id} and {last_id}"
        raise RowsMissingError(message)
    return tree, last_hash


def _write_files(folder: Path) -> None:
    with reading() as session:
        waiting = session.scalars(
            select(AuditSeal).where(AuditSeal.filed_at.is_(None)).order_by(AuditSeal.number)
        ).all()
        files = [SealFile(body_of(seal), seal.signature) for seal in waiting]
    for file in files:
        seal_files.write(folder, file, public_key=crypto.store().log_keys.public_key)
        with transaction() as session:
            session.get_one(AuditSeal, file.body.number).filed_at = clock.now()
