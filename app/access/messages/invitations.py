"""Calendar invitations: whose stretch of a meeting stands in which entry, and whether it still may.

The worker reads entries as stored, for a CANCEL has to reach people who lost every ground; a person
gets only the live entries of slots held just now. Nothing here shows a case.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.access import scopes
from app.access.actor import Actor
from app.domain.errors import NotVisible
from app.domain.kinds import ItemKind
from app.domain.spans import Slot
from app.infra import clock
from app.models import AgendaItem, CaseTable, Invitation, InvitationItem, Meeting


@dataclass(frozen=True, slots=True)
class StoredInvitation:
    """One calendar entry with the agenda items it spans; the meeting itself for a whole one."""

    invitation: Invitation
    item_ids: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class OwnTime:
    """What a person's entries are made of: own slots, the breaks between them, the place.

    Whoever serves the table has one slot: the meeting itself.
    """

    slots: tuple[Slot, ...] = ()
    breaks: tuple[Slot, ...] = ()
    place: str = ""
    is_whole: bool = False

    @property
    def item_ids(self) -> frozenset[uuid.UUID]:
        """The agenda items of the own slots."""
        return frozenset(slot.item_id for slot in self.slots)


def own_time(session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime) -> OwnTime:
    """The invited slots the actor holds at this meeting just now, and its fixed blocks.

    Staff get the whole meeting instead, unless their entry of its series shows it already.
    """
    meeting = session.scalars(
        scopes.staff_meetings(actor).where(Meeting.id == meeting_id)
    ).one_or_none()
    if meeting is not None:
        return _whole(meeting)
    rows = session.execute(scopes.own_slots(actor, now=now).where(Meeting.id == meeting_id)).all()
    if not rows:
        return OwnTime()
    # Two seats at one item are one slot.
    items = {row.AgendaItem.id: row.AgendaItem for row in rows}
    blocks = session.scalars(
        select(AgendaItem).where(
            AgendaItem.meeting_id == meeting_id,
            AgendaItem.kind != ItemKind.CASE,
            AgendaItem.removed_at.is_(None),
        )
    )
    return OwnTime(
        slots=tuple(_slot(item) for item in items.values()),
        breaks=tuple(_slot(block) for block in blocks),
        place=rows[0].Meeting.place,
    )


def _whole(meeting: Meeting) -> OwnTime:
    if meeting.cancelled_at is not None or meeting.series_id is not None:
        return OwnTime()
    slot = Slot(meeting.id, meeting.starts_at, meeting.ends_at)
    return OwnTime(slots=(slot,), place=meeting.place, is_whole=True)


def live_invitations(
    session: Session, *, meeting_id: uuid.UUID, person_id: uuid.UUID
) -> list[StoredInvitation]:
    """The entries that stand in a person's calendar for this meeting; for the worker."""
    return _with_items(
        session,
        select(Invitation).where(
            Invitation.meeting_id == meeting_id,
            Invitation.person_id == person_id,
            Invitation.cancelled_at.is_(None),
        ),
    )


def single_meetings(session: Session, table_id: uuid.UUID, *, now: datetime) -> list[uuid.UUID]:
    """Coming meetings of a table outside any series; for the worker, after a role changed."""
    return list(
        session.scalars(
            select(Meeting.id)
            .where(
                Meeting.table_id == table_id,
                Meeting.series_id.is_(None),
                Meeting.cancelled_at.is_(None),
                Meeting.ends_at > now,
            )
            .order_by(Meeting.starts_at)
        )
    )


def table_of(session: Session, meeting_id: uuid.UUID) -> CaseTable | None:
    """The table of a meeting, whose words stand in calendars; for the worker."""
    return session.scalars(
        select(CaseTable)
        .join(Meeting, Meeting.table_id == CaseTable.id)
        .where(Meeting.id == meeting_id)
    ).one_or_none()


def find_invitation(session: Session, invitation_id: uuid.UUID) -> StoredInvitation | None:
    """One entry, cancelled ones included; for the worker."""
    found = _with_items(session, select(Invitation).where(Invitation.id == invitation_id))
    return found[0] if found else None


def has_another(session: Session, entry: Invitation, *, now: datetime) -> bool:
    """Whether its reader keeps other time at the same meeting; for the worker."""
    other = select(Invitation.id).where(
        Invitation.meeting_id == entry.meeting_id,
        Invitation.person_id == entry.person_id,
        Invitation.id != entry.id,
        Invitation.cancelled_at.is_(None),
        Invitation.ends_at > now,
    )
    return session.scalars(other.limit(1)).first() is not None


def own_invitations(session: Session, actor: Actor, meeting_id: uuid.UUID) -> list[Invitation]:
    """The actor's live entries of a meeting, in order of time; one that lost a slot is absent."""
    stored = live_invitations(session, meeting_id=meeting_id, person_id=actor.person_id)
    held = own_time(session, actor, meeting_id, now=clock.now()).item_ids
    return sorted(
        (one.invitation for one in stored if one.item_ids <= held),
        key=lambda invitation: invitation.starts_at,
    )


def load_own_invitation(
    session: Session, actor: Actor, meeting_id: uuid.UUID, invitation_id: uuid.UUID
) -> Invitation:
    """One live entry of the actor at this meeting; NotVisible when it is not, or not any more."""
    for invitation in own_invitations(session, actor, meeting_id):
        if invitation.id == invitation_id:
            return invitation
    raise NotVisible


def forget_items(
    session: Session, invitation_id: uuid.UUID, item_ids: Collection[uuid.UUID]
) -> None:
    """Take items out of an entry that no longer spans them; for the worker."""
    if item_ids:
        session.execute(
            delete(InvitationItem).where(
                InvitationItem.invitation_id == invitation_id,
                InvitationItem.item_id.in_(item_ids),
            )
        )


def _with_items(session: Session, statement: Select[Invitation]) -> list[StoredInvitation]:
    rows: Sequence[tuple[Invitation, uuid.UUID]] = [
        (row.Invitation, row.Invitation.meeting_id if row.Invitation.is_whole else row.item_id)
        for row in session.execute(
            statement.outerjoin(InvitationItem, InvitationItem.invitation_id == Invitation.id)
            .add_columns(InvitationItem.item_id)
            .order_by(Invitation.starts_at, Invitation.id)
        )
    ]
    items: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    invitations: dict[uuid.UUID, Invitation] = {}
    for invitation, item_id in rows:
        invitations[invitation.id] = invitation
        items[invitation.id].add(item_id)
    return [
        StoredInvitation(invitation, frozenset(items[key]))
        for key, invitation in invitations.items()
    ]


def _slot(item: AgendaItem) -> Slot:
    return Slot(item.id, item.starts_at, item.ends_at)
