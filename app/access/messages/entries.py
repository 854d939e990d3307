"""Which calendar entry an answer is about; for the reader of mail, which acts for no person yet."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.local_time import local_date
from app.models import (
    Invitation,
    InvitationItem,
    Meeting,
    Series,
    SeriesEntry,
    SeriesException,
)

# Words may come back long after a meeting; after this they are no longer looked up.
WORDS_WELCOME = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One recipient's entry as it stands; a recurring one has no time, items or meeting of its own.

    ``ends_at`` None: not over as long as it is not cancelled. ``sequence`` is that of the rule of a
    recurring one; ``apart`` has those of the days told on their own, by their first start.
    """

    uid: str
    sequence: int
    person_id: uuid.UUID
    table_id: uuid.UUID
    meeting_id: uuid.UUID | None
    invitation_id: uuid.UUID | None
    item_ids: frozenset[uuid.UUID]
    starts_at: datetime | None
    ends_at: datetime | None
    is_cancelled: bool
    has_slots: bool
    apart: Mapping[datetime, int] = field(default_factory=dict)

    def sequence_of(self, occurrence_at: datetime | None) -> int:
        """The SEQUENCE an answer about that occurrence, or about the whole, has to have."""
        return (
            self.sequence if occurrence_at is None else self.apart.get(occurrence_at, self.sequence)
        )

    def is_over(self, now: datetime) -> bool:
        """Whether an answer comes too late to matter."""
        return self.is_cancelled or (self.ends_at is not None and self.ends_at <= now)


def find_entry(session: Session, uid: str) -> Entry | None:
    """The entry of this UID, cancelled ones included."""
    row = session.execute(
        select(Invitation, Meeting.table_id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(Invitation.uid == uid)
    ).one_or_none()
    if row is None:
        return _series_entry(session, uid)
    entry: Invitation = row.Invitation
    items = session.scalars(
        select(InvitationItem.item_id).where(InvitationItem.invitation_id == entry.id)
    )
    return Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        person_id=entry.person_id,
        table_id=row.table_id,
        meeting_id=entry.meeting_id,
        invitation_id=entry.id,
        item_ids=frozenset(items),
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        is_cancelled=entry.cancelled_at is not None,
        has_slots=not entry.is_whole,
    )


def _series_entry(session: Session, uid: str) -> Entry | None:
    row = session.execute(
        select(SeriesEntry, Series.table_id)
        .join(Series, Series.id == SeriesEntry.series_id)
        .where(SeriesEntry.uid == uid)
    ).one_or_none()
    if row is None:
        return None
    entry: SeriesEntry = row.SeriesEntry
    apart = select(SeriesException.planned_at, SeriesException.sequence).where(
        SeriesException.entry_id == entry.id
    )
    return Entry(
        uid=entry.uid,
        sequence=entry.master_sequence,
        person_id=entry.person_id,
        table_id=row.table_id,
        meeting_id=None,
        invitation_id=None,
        item_ids=frozenset(),
        starts_at=None,
        ends_at=None,
        is_cancelled=entry.cancelled_at is not None,
        has_slots=False,
        apart={one.planned_at: one.sequence for one in session.execute(apart)},
    )


def find_entry_that(
    session: Session, fits: Callable[[str], bool], *, now: datetime
) -> Entry | None:
    """The recent entry whose UID ``fits``: the secret of an address is stored nowhere.

    Entries long over or withdrawn are left out, so that one mail costs a bounded search.
    """
    recent = now - WORDS_WELCOME
    uids = session.scalars(
        select(Invitation.uid)
        .where(
            Invitation.ends_at > recent,
            or_(Invitation.cancelled_at.is_(None), Invitation.cancelled_at > recent),
        )
        .union_all(
            select(SeriesEntry.uid)
            .join(Series, Series.id == SeriesEntry.series_id)
            .where(
                Series.last_on >= local_date(recent),
                or_(SeriesEntry.cancelled_at.is_(None), SeriesEntry.cancelled_at > recent),
            )
        )
    )
    found = next((uid for uid in uids if fits(uid)), None)
    return find_entry(session, found) if found else None
