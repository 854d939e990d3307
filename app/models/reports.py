"""Numbers of quarters that are over, the two measurements, and what chain partners think of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import Measure, MeasurementKind
from app.infra.db import Base, enum_of, fk


class ClosedQuarter(Base):
    """A quarter was counted once and for all; ``first_on`` is its first day."""

    __tablename__ = "closed_quarter"
    first_on: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]


class FigureCell(Base):
    """How often something happened in a closed quarter, at a table, to the last case.

    ``kind`` is the code of the kind the table was of when that was counted.

    Never shown as it stands: what may be told of it is a ``ToldNumber``.
    """

    __tablename__ = "figure_cell"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    quarter_on: Mapped[date] = mapped_column(fk("closed_quarter.first_on"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    measure: Mapped[Measure] = mapped_column(enum_of(Measure))
    category: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[int]
    __table_args__ = (
        Index("ix_figure_cell", "quarter_on", "measure", "table_id", "organisation_id", "category"),
    )


class ToldNumber(Base):
    """A number as it was told when ``closed_on`` was closed; written once, and never changed.

    Of the quarters from ``first_on``, at a table or of the region, of an organisation or a kind or
    neither; ``None`` is told as a dash. What is not here of a closed quarter is told as 0.
    """

    __tablename__ = "told_number"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    closed_on: Mapped[date] = mapped_column(fk("closed_quarter.first_on"))
    first_on: Mapped[date]
    quarters: Mapped[int]
    measure: Mapped[Measure] = mapped_column(enum_of(Measure))
    category: Mapped[str] = mapped_column(String(40), default="")
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[int | None]
    __table_args__ = (
        Index("ix_told_number_scope", "table_id", "organisation_id", "first_on", "quarters"),
        Index("ix_told_number_closed", "closed_on", "table_id", "measure", "category"),
        Index("ix_told_number_organisation", "organisation_id", "measure"),
    )


class Measurement(Base):
    """The period of a table's baseline or second measurement: whole quarters, both included."""

    __tablename__ = "measurement"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    kind: Mapped[MeasurementKind] = mapped_column(enum_of(MeasurementKind))
    first_on: Mapped[date] = mapped_column(fk("closed_quarter.first_on"))
    last_on: Mapped[date] = mapped_column(fk("closed_quarter.first_on"))
    fixed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    fixed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("table_id", "kind"),)


class Survey(Base):
    """Five questions to the partners of a table for one measurement: [opens_at, closes_at)."""

    __tablename__ = "survey"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    kind: Mapped[MeasurementKind] = mapped_column(enum_of(MeasurementKind))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    __table_args__ = (UniqueConstraint("table_id", "kind"),)


class SurveyInvitation(Base):
    """Somebody was asked; whether an answer came is all that is known, neither when nor which."""

    __tablename__ = "survey_invitation"
    survey_id: Mapped[uuid.UUID] = mapped_column(fk("survey.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), primary_key=True, index=True)
    has_answered: Mapped[bool] = mapped_column(default=False)


class SurveyTally(Base):
    """How often a question got a score of 1 to 5: answers are added up, none is kept by itself."""

    __tablename__ = "survey_tally"
    survey_id: Mapped[uuid.UUID] = mapped_column(fk("survey.id"), primary_key=True)
    question: Mapped[int] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
