"""What happens to a case between its referral and its end, beside its texts and its meetings."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import FamilyPart, FamilyRole, Phase
from app.infra.db import Base, enum_of, fk

_IS_LIVE = "accepted_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"


class CaseClock(Base):
    """A period that runs for a case; ``code`` names it in the kind of its table.

    ``told_at`` is when it was last told that it had passed without being met.
    """

    __tablename__ = "case_clock"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    code: Mapped[str] = mapped_column(String(40))
    kind_version: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    met_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"))
    __table_args__ = (
        Index("ix_case_clock_case", "case_id", "due_at"),
        Index("ix_case_clock_table", "table_id", "met_at", "due_at"),
    )


class ExclusionOrder(Base):
    """A temporary exclusion order (huisverbod): its clocks run from its service (uitreiking).

    ``table_id`` is where it was served, wherever its case went afterwards.
    """

    __tablename__ = "exclusion_order"
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), primary_key=True)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), index=True)
    served_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    extended_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))


class ItemOutcome(Base):
    """What came of the discussion of a case, in the words of its table's kind; counted per year."""

    __tablename__ = "item_outcome"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"))
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    code: Mapped[str] = mapped_column(String(40))
    kind_version: Mapped[int] = mapped_column(default=0)
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_item_outcome_table", "table_id", "code", "recorded_at"),
        Index("ix_item_outcome_case", "case_id"),
        Index(
            "uq_item_outcome_live",
            "item_id",
            "code",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )


class PhaseChange(Base):
    """The phase a case came in at ``from_at``; the last one holds."""

    __tablename__ = "phase_change"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    phase: Mapped[Phase] = mapped_column(enum_of(Phase))
    from_at: Mapped[datetime]
    set_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    __table_args__ = (Index("ix_phase_change_case", "case_id", "from_at"),)


class CaseReview(Base):
    """When a case is looked at again, and every how many weeks after that; none for once."""

    __tablename__ = "case_review"
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), primary_key=True)
    due_on: Mapped[date]
    every_weeks: Mapped[int | None]
    set_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    set_at: Mapped[datetime]


class ExitMark(Base):
    """That one criterion to end a case by, a section of it, is met."""

    __tablename__ = "exit_mark"
    section_id: Mapped[uuid.UUID] = mapped_column(fk("section.id"), primary_key=True)
    met_at: Mapped[datetime]
    met_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))


class Screening(Base):
    """One line of a day's screening list: a reference and whether it is urgent, no assessment."""

    __tablename__ = "screening"
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), primary_key=True)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    listed_on: Mapped[date]
    is_urgent: Mapped[bool]
    listed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    picked_up_at: Mapped[datetime | None]
    picked_up_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    __table_args__ = (Index("ix_screening_table", "table_id", "listed_on"),)


class DailyCount(Base):
    """How many of something there were on a day that is counted without a case, such as chats."""

    __tablename__ = "daily_count"
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    counted_on: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[int]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]


class NewFact(Base):
    """What somebody at work on a case reported between its meetings, and what staff did with it.

    ``answered_at`` is when something was first done; when it was first read the log says.
    """

    __tablename__ = "new_fact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    reported_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    what_ct: Mapped[bytes]
    source_ct: Mapped[bytes]
    is_danger: Mapped[bool]
    happened_at: Mapped[datetime]
    reported_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    answer_ct: Mapped[bytes | None]
    note_id: Mapped[uuid.UUID | None] = mapped_column(fk("note.id"))
    forward_item_id: Mapped[uuid.UUID | None] = mapped_column(fk("agenda_item.id"))
    urgent_meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"))
    __table_args__ = (
        Index("ix_new_fact_case", "case_id", "reported_at"),
        Index("ix_new_fact_table", "table_id", "answered_at"),
    )


class Informing(Base):
    """That a person concerned was informed; or that it waits, why, and until when. Rows are added.

    One without ``person_concerned_id`` is about the family as a whole, as its referrer said.
    """

    __tablename__ = "informing"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    person_concerned_id: Mapped[uuid.UUID | None] = mapped_column(fk("person_concerned.id"))
    informed_on: Mapped[date | None]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    reason_ct: Mapped[bytes | None]
    reconsider_on: Mapped[date | None]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    __table_args__ = (Index("ix_informing_case", "case_id", "recorded_at"),)


class FamilyAttendance(Base):
    """That somebody of the family took part in a discussion, without an account."""

    __tablename__ = "family_attendance"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    person_concerned_id: Mapped[uuid.UUID | None] = mapped_column(fk("person_concerned.id"))
    role: Mapped[FamilyRole] = mapped_column(enum_of(FamilyRole))
    part: Mapped[FamilyPart] = mapped_column(enum_of(FamilyPart))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class BringingTransfer(Base):
    """Another organisation is asked to be the bringing partner; it counts once it accepts.

    ``table_id`` is where the case stood; when it moves, the question is taken back.
    """

    __tablename__ = "bringing_transfer"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    from_organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    to_organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"), index=True)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    proposed_at: Mapped[datetime]
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    accepted_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_bringing_transfer_live",
            "case_id",
            unique=True,
            sqlite_where=text(_IS_LIVE),
            postgresql_where=text(_IS_LIVE),
        ),
    )


class HouseholdCase(Base):
    """A case belongs to a household, by the act of a coordinator who serves all its tables."""

    __tablename__ = "household_case"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    household_id: Mapped[uuid.UUID] = mapped_column(index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    linked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    linked_at: Mapped[datetime]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_household_case_live",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class IdentityMark(Base):
    """A keyed hash of a name and birth date, by which triage sees that somebody came before.

    Nobody can be read back from it; it goes with the identity of the case.
    """

    __tablename__ = "identity_mark"
    person_concerned_id: Mapped[uuid.UUID] = mapped_column(
        fk("person_concerned.id"), primary_key=True
    )
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64), index=True)
    made_at: Mapped[datetime]
