"""Meetings with their agenda, seats, disclosures, input requests and acceptances."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import (
    DiscussionKind,
    HoldEnd,
    InputAnswer,
    InvitationAnswer,
    ItemKind,
    PresenceState,
)
from app.infra.db import Base, enum_of, fk


class Meeting(Base):
    """One meeting of a table; ``opens_at``/``closes_at`` are its stored access window.

    ``planned_at`` is the start its series gave it, kept when the meeting moves. With
    ``opens_with_item`` seats see an item from the moment it is taken up, not from publication.
    Those who were there correct the minutes until ``corrections_until_at``.
    """

    __tablename__ = "meeting"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    series_id: Mapped[uuid.UUID | None] = mapped_column(fk("series.id"))
    planned_at: Mapped[datetime | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    room_id: Mapped[uuid.UUID | None] = mapped_column(fk("room.id"))
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(400), default="")
    opens_working_days: Mapped[int] = mapped_column(default=5)
    closes_working_days: Mapped[int] = mapped_column(default=5)
    published_at: Mapped[datetime | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    corrections_until_at: Mapped[datetime | None]
    adopted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    opens_with_item: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_meeting_table_closes", "table_id", "closes_at"),
        Index("ix_meeting_table_starts", "table_id", "starts_at"),
        Index("ix_meeting_series", "series_id", "planned_at"),
        Index("ix_meeting_room", "room_id", "starts_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class AgendaItem(Base):
    """A case or a fixed block on the agenda; ``starts_at``/``ends_at`` follow order and minutes.

    Its timer runs from ``opened_at`` for ``minutes`` and ``extra_minutes``, less ``paused_seconds``
    and the pause that goes on since ``paused_at``; ``reopened_at`` is when it was taken up again
    after it was closed, ``cleared_at`` when it was said who left the room before it.
    ``returns``: it comes back on a next meeting;
    ``carried_from_id`` is the item it came back from, until staff said no at ``carry_refused_at``.
    """

    __tablename__ = "agenda_item"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(fk("case.id"), index=True)
    kind: Mapped[ItemKind] = mapped_column(enum_of(ItemKind))
    discussion: Mapped[DiscussionKind | None] = mapped_column(enum_of(DiscussionKind))
    position: Mapped[int]
    minutes: Mapped[int]
    fixed_at: Mapped[datetime | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    paused_seconds: Mapped[int] = mapped_column(default=0)
    returns: Mapped[bool] = mapped_column(default=False)
    carried_from_id: Mapped[uuid.UUID | None] = mapped_column(fk("agenda_item.id"))
    carry_refused_at: Mapped[datetime | None]
    corrections_until_at: Mapped[datetime | None]
    adopted_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_agenda_item_meeting", "meeting_id", "position"),)


class Seat(Base):
    """A place of an organisation at one item; rights belong to the seat, not to the person.

    ``is_alone``: what was said on roll call by somebody who takes part from elsewhere; ``left_at``
    is when whoever was seen there left the room.
    """

    __tablename__ = "seat"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    is_staff_only: Mapped[bool] = mapped_column(default=False)
    is_proposed: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    presence: Mapped[PresenceState | None] = mapped_column(enum_of(PresenceState))
    is_alone: Mapped[bool | None]
    left_at: Mapped[datetime | None]


class Bystander(Base):
    """Somebody in the room without a seat at the item: sent out, or let in with a reason."""

    __tablename__ = "bystander"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    name_ct: Mapped[bytes]
    reason_ct: Mapped[bytes | None]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    is_admitted: Mapped[bool | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))


class SeatProposal(Base):
    """Whom an organisation would like on a proposed seat: a name, for staff alone."""

    __tablename__ = "seat_proposal"
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"), primary_key=True)
    name_ct: Mapped[bytes]


class SeatHold(Base):
    """Who occupies a seat in [from_at, until_at): one holder at a time, the answer is theirs.

    A deputy's hold has an end; whoever was replaced has another hold from that moment on, so that
    time alone gives the seat back. ``follows_window``: that end is the end of the access window,
    wherever it moves. ``former_answer`` was given for ``former_starts_at``, before the item moved.
    """

    __tablename__ = "seat_hold"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    ended: Mapped[HoldEnd | None] = mapped_column(enum_of(HoldEnd))
    is_deputy: Mapped[bool] = mapped_column(default=False)
    follows_window: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[InvitationAnswer] = mapped_column(
        enum_of(InvitationAnswer), default=InvitationAnswer.OPEN
    )
    answered_at: Mapped[datetime | None]
    answer_recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    answer_confirmed_at: Mapped[datetime | None]
    former_answer: Mapped[InvitationAnswer | None] = mapped_column(enum_of(InvitationAnswer))
    former_starts_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_seat_hold_seat", "seat_id", "person_id"),
        Index("ix_seat_hold_person", "person_id", "until_at"),
        Index(
            "uq_seat_hold_last",
            "seat_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )


class Disclosure(Base):
    """One section, to one seat, for this item, with ground, purpose and necessity.

    Where the source is asked, its yes may end at ``source_until_at``; its no withdraws it at once.
    """

    __tablename__ = "disclosure"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"))
    section_id: Mapped[uuid.UUID] = mapped_column(fk("section.id"))
    ground: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(200))
    necessity: Mapped[str] = mapped_column(String(400))
    is_standard: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    decided_at: Mapped[datetime]
    source_decided_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    source_decided_at: Mapped[datetime | None]
    source_basis: Mapped[str] = mapped_column(String(40), default="")
    source_until_at: Mapped[datetime | None]
    source_refused: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_disclosure_seat", "seat_id", "section_id"),
        Index(
            "uq_disclosure_live",
            "seat_id",
            "section_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class InputRequest(Base):
    """A seat is asked for input; the answer text is a section sourced by the organisation.

    ``recalled_at``: the organisation took its answer back, and may give another until the deadline.
    With ``asks_known`` it is first asked whether it knows the family at all (dat-informatie):
    ``known``, said at ``known_at``; only after yes is content asked, where ``asks_content``.
    """

    __tablename__ = "input_request"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"))
    asked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    asked_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    asks_known: Mapped[bool] = mapped_column(default=False)
    asks_content: Mapped[bool] = mapped_column(default=True)
    known: Mapped[bool | None]
    known_at: Mapped[datetime | None]
    known_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    answer: Mapped[InputAnswer | None] = mapped_column(enum_of(InputAnswer))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    confirmed_at: Mapped[datetime | None]
    section_id: Mapped[uuid.UUID | None] = mapped_column(fk("section.id"))
    recalled_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("seat_id"),)


class Acceptance(Base):
    """A person's own acceptance of confidentiality for one meeting; kept with its text."""

    __tablename__ = "acceptance"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    at: Mapped[datetime]
    statement: Mapped[str] = mapped_column(Text())
    text_version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("person_id", "meeting_id"),)
