"""What a meeting leaves behind: decisions and notes with their readers, actions with a history."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import ActionState, Chain, DecisionKind
from app.infra.db import Base, enum_of, fk


class Decision(Base):
    """An agreement or decision at an item; read by its addressees and staff.

    Taken by everybody there, or by the organisation of one seat; ``dissent_seat_id`` is whose
    dissent it is. What rests on an oral explanation names it in ``oral_mark_id``.
    """

    __tablename__ = "decision"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    kind: Mapped[DecisionKind] = mapped_column(enum_of(DecisionKind))
    text_ct: Mapped[bytes]
    dissent_ct: Mapped[bytes | None]
    taken_by_seat_id: Mapped[uuid.UUID | None] = mapped_column(fk("seat.id"))
    dissent_seat_id: Mapped[uuid.UUID | None] = mapped_column(fk("seat.id"))
    oral_mark_id: Mapped[uuid.UUID | None] = mapped_column(fk("oral_mark.id"))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class DecisionAddressee(Base):
    """A seat to which a decision is addressed."""

    __tablename__ = "decision_addressee"
    decision_id: Mapped[uuid.UUID] = mapped_column(fk("decision.id"), primary_key=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"), primary_key=True, index=True)


class OralMark(Base):
    """A partner explained something aloud; what was said is recorded nowhere.

    A decision may rest on it once the partner agreed: on the own account, or taken down by
    ``agreement_recorded_by_id``.
    """

    __tablename__ = "oral_mark"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    agreement_recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    deleted_at: Mapped[datetime | None]


class Note(Base):
    """Something written down at an item for staff, and for the seats chosen in NoteReader."""

    __tablename__ = "note"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    text_ct: Mapped[bytes]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class NoteReader(Base):
    """A seat for which a note was written."""

    __tablename__ = "note_reader"
    note_id: Mapped[uuid.UUID] = mapped_column(fk("note.id"), primary_key=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"), primary_key=True, index=True)


class Action(Base):
    """An action with one holder; the safe text has no names and no case facts.

    ``taken_back_at`` before its minutes were adopted: it then was never agreed. ``due_at`` where it
    is due at an hour of ``due_on``; ``step`` is its place in the agreed order of interventions;
    ``verified_at`` when staff saw that what was reported as done is so.
    """

    __tablename__ = "action"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), index=True)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    safe_ct: Mapped[bytes]
    full_ct: Mapped[bytes | None]
    due_on: Mapped[date]
    due_at: Mapped[datetime | None]
    chain: Mapped[Chain | None] = mapped_column(enum_of(Chain))
    step: Mapped[int | None]
    state: Mapped[ActionState] = mapped_column(enum_of(ActionState))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_action_table_state", "table_id", "state", "due_on"),
        Index("ix_action_owner", "organisation_id", "person_id", "state"),
        Index(
            "ix_action_unfinished",
            "due_on",
            "id",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ActionDisclosure(Base):
    """The full text of an action, to its holder who has no seat, with the reasons of staff."""

    __tablename__ = "action_disclosure"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID] = mapped_column(fk("action.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    ground: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(200))
    necessity: Mapped[str] = mapped_column(String(400))
    decided_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    decided_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_action_disclosure_live",
            "action_id",
            "person_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class ActionEvent(Base):
    """One step in the history of an action; ``said_by`` differs when taken down by telephone."""

    __tablename__ = "action_event"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID] = mapped_column(fk("action.id"), index=True)
    at: Mapped[datetime]
    state: Mapped[ActionState | None] = mapped_column(enum_of(ActionState))
    remark_ct: Mapped[bytes | None]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    said_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    said_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    new_due_on: Mapped[date | None]
    new_organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    new_person_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    is_reminder: Mapped[bool] = mapped_column(default=False)
    is_verification: Mapped[bool] = mapped_column(default=False)
