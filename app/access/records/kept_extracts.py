"""Versions of an extract as they were fixed, one text per item; only its recipient's own.

Each text is sealed with the agreements and actions of its case, and goes with them. What is kept is
shown as far as the recipient may still see it: that is decided where the extract is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, aliased

from app.access import audit, checks
from app.access.actor import Actor
from app.domain import minutes_text
from app.domain.kinds import RetentionClass
from app.domain.minutes_text import ExtractHead
from app.infra import crypto, wall
from app.infra.crypto import KeyScope, Sealed, Unsealed
from app.infra.wall import System
from app.models import Meeting, MinutesExtract, MinutesExtractPart

_NEWER = aliased(MinutesExtract)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest version of somebody's extract, with what it holds of each item still there."""

    id: uuid.UUID
    version: int
    made_at: datetime
    sha256: str
    parts: Mapping[uuid.UUID, Sealed]
    opened_at: datetime | None = None
    downloaded_at: datetime | None = None

    def is_used(self, *, taken: bool) -> bool:
        """Whether it was written down before that this was opened, or taken along."""
        return (self.downloaded_at if taken else self.opened_at) is not None


@dataclass(frozen=True, slots=True)
class NewPart:
    """The canonical text of one item, and the case it goes with."""

    item_id: uuid.UUID
    case_id: uuid.UUID
    text: str


def latest_of(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Latest | None:
    """The newest version of the actor's own extract; None where nothing was fixed yet."""
    checks.note()
    newest = (
        select(func.max(_NEWER.version))
        .where(_NEWER.meeting_id == meeting_id, _NEWER.person_id == actor.person_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(MinutesExtract, MinutesExtractPart.item_id, MinutesExtractPart.canonical_ct)
        .outerjoin(MinutesExtractPart, MinutesExtractPart.extract_id == MinutesExtract.id)
        .where(
            MinutesExtract.meeting_id == meeting_id,
            MinutesExtract.person_id == actor.person_id,
            MinutesExtract.version == newest,
        )
    ).all()
    if not rows:
        return None
    one: MinutesExtract = rows[0].MinutesExtract
    parts = {
        row.item_id: Sealed(row.canonical_ct, part_binding(one.id, row.item_id))
        for row in rows
        if row.item_id is not None
    }
    return Latest(
        one.id, one.version, one.made_at, one.sha256, parts, one.opened_at, one.downloaded_at
    )


def part_binding(extract_id: uuid.UUID, item_id: uuid.UUID) -> str:
    """What binds the text of an item to its row."""
    return f"minutes_extract_part:{extract_id}:{item_id}:canonical"


def keep(
    session: Session, head: ExtractHead, parts: list[NewPart], *, table_id: uuid.UUID
) -> Latest | None:
    """Fix a version; None where somebody else just did. ``session`` acts as its recipient."""
    session.get_one(Meeting, head.meeting_id, with_for_update=True)
    newest = session.scalar(
        select(func.max(MinutesExtract.version)).where(
            MinutesExtract.meeting_id == head.meeting_id,
            MinutesExtract.person_id == head.person_id,
        )
    )
    if head.version != (newest or 0) + 1:
        return None
    canonical = minutes_text.canonical_of(head, [one.text for one in parts])
    made = MinutesExtract(
        id=uuid.uuid4(),
        meeting_id=head.meeting_id,
        person_id=head.person_id,
        version=head.version,
        sha256=minutes_text.sha256_of(canonical),
        parts=len(parts),
        made_at=head.made_at,
    )
    session.add(made)
    session.flush()
    _add_parts(session, made.id, parts)
    audit.record(
        session,
        None,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="extract",
            object_id=made.id,
            table_id=table_id,
            meeting_id=head.meeting_id,
        ),
    )
    return Latest(made.id, made.version, made.made_at, made.sha256, {})


def _add_parts(session: Session, extract_id: uuid.UUID, parts: list[NewPart]) -> None:
    sealed = crypto.seal_many(
        [
            Unsealed(
                KeyScope.of_case(one.case_id, RetentionClass.DECISIONS),
                one.text,
                part_binding(extract_id, one.item_id),
            )
            for one in parts
        ]
    )
    session.execute(
        insert(MinutesExtractPart),
        [
            {
                "extract_id": extract_id,
                "item_id": one.item_id,
                "case_id": one.case_id,
                "canonical_ct": ciphertext,
            }
            for one, ciphertext in zip(parts, sealed, strict=True)
        ],
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A version that carries some SHA-256: how many parts it had, and those that are left."""

    head: ExtractHead
    parts: int
    left: tuple[Sealed, ...]
    is_latest: bool


def found_by(session: Session, sha256: str) -> Found | None:
    """The version with this SHA-256, whoever's it is: for saying whether a copy reads as it did."""
    checks.note()
    row = session.execute(
        select(MinutesExtract, Meeting.starts_at)
        .join(Meeting, Meeting.id == MinutesExtract.meeting_id)
        .where(MinutesExtract.sha256 == sha256)
    ).one_or_none()
    if row is None:
        return None
    one: MinutesExtract = row.MinutesExtract
    newer = select(MinutesExtract.id).where(
        MinutesExtract.meeting_id == one.meeting_id,
        MinutesExtract.person_id == one.person_id,
        MinutesExtract.version > one.version,
    )
    with wall.opened_for(session, System.MINUTES):
        parts = session.execute(
            select(MinutesExtractPart.item_id, MinutesExtractPart.canonical_ct).where(
                MinutesExtractPart.extract_id == one.id
            )
        ).all()
    head = ExtractHead(
        meeting_id=one.meeting_id,
        person_id=one.person_id,
        starts_at=row.starts_at,
        version=one.version,
        made_at=one.made_at,
    )
    left = tuple(Sealed(part.canonical_ct, part_binding(one.id, part.item_id)) for part in parts)
    return Found(head, one.parts, left, session.scalar(newer.limit(1)) is None)


def note_use(session: Session, extract_id: uuid.UUID, *, now: datetime, taken: bool) -> None:
    """Write down when the recipient first opened a version, or first took it along."""
    one = session.get_one(MinutesExtract, extract_id)
    one.opened_at = one.opened_at or now
    if taken:
        one.downloaded_at = one.downloaded_at or now
