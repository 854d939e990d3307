"""The ten recovery codes of an account; only their hashes are kept, so each is shown once."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.access.administration.ways_in import tell_of_way
from app.domain import totp
from app.domain.kinds import AnnouncementKind
from app.models import RecoveryCode


def replace_codes(session: Session, person_id: uuid.UUID) -> tuple[str, ...]:
    """Ten fresh codes; those of before, used or not, work no longer."""
    codes = totp.new_recovery_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.add_all(
        RecoveryCode(
            person_id=person_id, code_hash=totp.hash_recovery_code(one, salt=person_id.bytes)
        )
        for one in codes
    )
    return codes


def tell_of_recovery(session: Session, person_id: uuid.UUID) -> None:
    """Tell the person and the staff of the tables that a recovery code let somebody in."""
    kind = AnnouncementKind.RECOVERY_USED
    tell_of_way(session, person_id, by=person_id, kind=kind, letter="recovery_used")


def count_left(session: Session, person_id: uuid.UUID) -> int:
    """How many codes were not used yet."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0
