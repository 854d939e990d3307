"""What a meeting needs while it is held: acting chair, spoken acceptances, calls, room screen."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import CallOutcome
from app.infra.db import Base, enum_of, fk


class ActingChair(Base):
    """Somebody who chairs one meeting instead of its chair, half-open [from_at, until_at)."""

    __tablename__ = "acting_chair"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    appointed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    appointed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_acting_chair_person", "person_id", "until_at"),)


class SpokenAcceptance(Base):
    """Confidentiality accepted aloud in the room: it counts there and opens nothing on a screen."""

    __tablename__ = "spoken_acceptance"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    text_version: Mapped[int]
    __table_args__ = (UniqueConstraint("person_id", "meeting_id"),)


class Call(Base):
    """One try to reach somebody for a meeting at short notice; tries are added, never changed.

    ``contact_id`` is a contact of the table, ``seat_id`` the seat it is about. Where an
    organisation has no contacts there, its representatives are called: ``person_id``.
    """

    __tablename__ = "call"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"))
    contact_id: Mapped[uuid.UUID | None] = mapped_column(fk("table_contact.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    outcome: Mapped[CallOutcome] = mapped_column(enum_of(CallOutcome))
    at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))


class RoomScreen(Base):
    """What the room sees of a running meeting; nothing at all while it is blank."""

    __tablename__ = "room_screen"
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"), primary_key=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(fk("agenda_item.id"))
    is_blank: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]


class Projection(Base):
    """A window that shows the room screen of one meeting and can do nothing else.

    Staff make it with a code that works once; the window that gives the code holds the token. Only
    hashes are stored. It ends with the meeting, or at ``until_at``.
    """

    __tablename__ = "projection"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_until_at: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    made_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ItemQuestion(Base):
    """The question to the table as it read when its item was finished, sealed as at its case.

    Empty where nobody had asked one. Taking the item up again lets go of it.
    """

    __tablename__ = "item_question"
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), index=True)
    question_ct: Mapped[bytes | None]
    at: Mapped[datetime]


class ProjectedLine(Base):
    """A sentence pushed to the room screen: the words as they were pushed, until taken away.

    Of a decision or an action that is changed or taken back, the line goes with it.
    """

    __tablename__ = "projected_line"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    decision_id: Mapped[uuid.UUID | None] = mapped_column(fk("decision.id"))
    action_id: Mapped[uuid.UUID | None] = mapped_column(fk("action.id"))
    text_ct: Mapped[bytes]
    pushed_at: Mapped[datetime]
    pushed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    taken_away_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_projected_line_item", "meeting_id", "item_id"),)
