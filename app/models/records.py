"""What a meeting leaves behind: decisions with addressees, and actions with their history."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import ActionState, DecisionKind
from app.infra.db import Base, enum_of, fk


class Decision(Base):
    """An agreement or decision at an item; read by its addressees and staff."""

    __tablename__ = "decision"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    kind: Mapped[DecisionKind] = mapped_column(enum_of(DecisionKind))
    text_ct: Mapped[bytes]
    dissent_ct: Mapped[bytes | None]
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


class Action(Base):
    """An action with one holder; the safe text has no names and no case facts."""

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
    state: Mapped[ActionState] = mapped_column(enum_of(ActionState))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_action_table_state", "table_id", "state", "due_on"),
        Index("ix_action_owner", "organisation_id", "person_id", "state"),
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
