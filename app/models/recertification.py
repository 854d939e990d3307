"""Every half year an organisation confirms its people; who is not confirmed loses access."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import RecertificationAnswer
from app.infra.db import Base, enum_of, fk


class Recertification(Base):
    """One organisation is asked who still works there: from ``opened_at``, at last ``due_at``.

    Unanswered it is repeated, told to the coordinators of its tables, and at its end access ends.
    """

    __tablename__ = "recertification"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_recertification", "organisation_id", "opened_at"),)


class RecertifiedPerson(Base):
    """What was said of one person in a round; nothing yet while ``answer`` is empty."""

    __tablename__ = "recertified_person"
    recertification_id: Mapped[uuid.UUID] = mapped_column(
        fk("recertification.id"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), primary_key=True, index=True)
    answer: Mapped[RecertificationAnswer | None] = mapped_column(enum_of(RecertificationAnswer))
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    answered_at: Mapped[datetime | None]
