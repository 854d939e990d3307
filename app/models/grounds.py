"""Grounds for one person and one case beside seat, staff and source: tasks and break-glass."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import TaskKind
from app.infra.db import Base, enum_of, fk


class Task(Base):
    """Named fields of one case, for one person, with reason and end; half-open in time.

    It opens nothing until the person accepted it with its confidentiality. ``item_id`` ties a
    guest or secretary to one agenda item and its window. A case lead has no end of its own: the
    task ends with the handover or when the case closes. A handover with ``to_table_id`` proposes
    that the case goes to that table; its holder serves it there. Those of one ``handover_id`` were
    given together, to everybody who may accept it.
    """

    __tablename__ = "task"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    item_id: Mapped[uuid.UUID | None] = mapped_column(fk("agenda_item.id"))
    to_table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    handover_id: Mapped[uuid.UUID | None] = mapped_column(fk("handover.id"), index=True)
    kind: Mapped[TaskKind] = mapped_column(enum_of(TaskKind))
    opens_question: Mapped[bool] = mapped_column(default=False)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    granted_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    __table_args__ = (
        Index("ix_task_person", "person_id", "case_id"),
        Index("ix_task_case", "case_id", "kind"),
    )


class TaskReason(Base):
    """Why the task was given, apart from it: every ground asks for the tasks of everybody.

    In neutral words, which its holder reads before accepting; an access review has none.
    """

    __tablename__ = "task_reason"
    task_id: Mapped[uuid.UUID] = mapped_column(fk("task.id"), primary_key=True)
    text_ct: Mapped[bytes]


class TaskSection(Base):
    """A section a task names; where the source is asked about readers, it decides as well."""

    __tablename__ = "task_section"
    task_id: Mapped[uuid.UUID] = mapped_column(fk("task.id"), primary_key=True)
    section_id: Mapped[uuid.UUID] = mapped_column(fk("section.id"), primary_key=True, index=True)
    source_decided_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    source_decided_at: Mapped[datetime | None]
    source_basis: Mapped[str] = mapped_column(String(40), default="")
    source_until_at: Mapped[datetime | None]
    source_refused: Mapped[bool] = mapped_column(default=False)


class BreakGlass(Base):
    """One emergency reading of one case: reasoned, fifteen minutes, reviewed by another person."""

    __tablename__ = "break_glass"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    reviewed_at: Mapped[datetime | None]
    justified: Mapped[bool | None]
    __table_args__ = (
        Index("ix_break_glass_person", "person_id", "case_id"),
        Index("ix_break_glass_table", "table_id", "reviewed_at"),
    )


class EmergencyReason(Base):
    """Why a case was opened in an emergency, for whoever watches over that; never for a source."""

    __tablename__ = "emergency_reason"
    reading_id: Mapped[uuid.UUID] = mapped_column(fk("break_glass.id"), primary_key=True)
    text_ct: Mapped[bytes]


class EmergencyReview(Base):
    """What the other person wrote about it; once written it stays."""

    __tablename__ = "emergency_review"
    reading_id: Mapped[uuid.UUID] = mapped_column(fk("break_glass.id"), primary_key=True)
    text_ct: Mapped[bytes]
