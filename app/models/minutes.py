"""Minutes after the meeting: corrections, approval, additions, kept extracts and paper copies."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Base, fk


class Correction(Base):
    """What somebody who was there says of the minutes of one item, and what staff did with it."""

    __tablename__ = "correction"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    text_ct: Mapped[bytes]
    at: Mapped[datetime]
    is_taken_over: Mapped[bool | None]
    answer_ct: Mapped[bytes | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    settled_at: Mapped[datetime | None]


class ItemApproval(Base):
    """Somebody who was there approves the minutes of one item as they read."""

    __tablename__ = "item_approval"
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), primary_key=True)
    at: Mapped[datetime]


class Addendum(Base):
    """Dated words added to adopted minutes, which themselves stay as they are."""

    __tablename__ = "addendum"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    text_ct: Mapped[bytes]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]


class AddendumReader(Base):
    """A seat for which an addition was written."""

    __tablename__ = "addendum_reader"
    addendum_id: Mapped[uuid.UUID] = mapped_column(fk("addendum.id"), primary_key=True)
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"), primary_key=True, index=True)


class MinutesExtract(Base):
    """A recipient's extract as it was fixed: one version after adoption and after every addition.

    ``sha256`` is of the canonical text, whose parts are kept per item: each goes with its case, and
    ``parts`` says how many there were.
    """

    __tablename__ = "minutes_extract"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    parts: Mapped[int]
    made_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    downloaded_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("meeting_id", "person_id", "version"),)


class ExtractCheck(Base):
    """Staff looked at what somebody gets of a meeting, as it read then."""

    __tablename__ = "extract_check"
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), primary_key=True)
    checked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    checked_at: Mapped[datetime]


class MinutesExtractPart(Base):
    """The canonical text of one item in a recipient's extract."""

    __tablename__ = "minutes_extract_part"
    extract_id: Mapped[uuid.UUID] = mapped_column(fk("minutes_extract.id"), primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    canonical_ct: Mapped[bytes]


class PrintRun(Base):
    """Papers of a meeting made by the worker for whoever asked: so many done of so many.

    ``skipped`` of them had nothing to read. What it made is thrown away at ``expires_at``.
    """

    __tablename__ = "print_run"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    asked_at: Mapped[datetime]
    is_extract: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class PrintSheet(Base):
    """What stands on one copy of a print run, until the run expires.

    Without a copy it is the finished document of all of them, in base64.
    """

    __tablename__ = "print_sheet"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    run_id: Mapped[uuid.UUID] = mapped_column(fk("print_run.id"), index=True)
    copy_id: Mapped[uuid.UUID | None] = mapped_column(fk("paper_copy.id"), unique=True)
    words_ct: Mapped[bytes]


class PaperCopy(Base):
    """A numbered copy on paper for the occupant of a seat, and whether it came back.

    An extract of adopted minutes (``is_extract``) is the reader's to keep.
    """

    __tablename__ = "paper_copy"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    meeting_id: Mapped[uuid.UUID] = mapped_column(fk("meeting.id"))
    seat_id: Mapped[uuid.UUID] = mapped_column(fk("seat.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    number: Mapped[int]
    is_extract: Mapped[bool] = mapped_column(default=False)
    made_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    made_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    returned_to_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        Index("ix_paper_copy_seat", "seat_id"),
    )
