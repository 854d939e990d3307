"""How actions are followed up: schedules, what was told to whom, pauses, requests for more time."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import (
    ContactPart,
    ExportFormat,
    ExportKind,
    ExportPurpose,
    NoticeStep,
)
from app.infra.db import Base, enum_of, fk


class FollowUp(Base):
    """How a table chases its actions; without a row the usual schedule (domain/chasing.py) holds.

    Days are working days counted from the term, lists as ``"3,1"``; ``quiet_from`` and
    ``quiet_until`` are minutes of the day in Amsterdam. A step of the ladder that is None is not
    taken. ``verifies``: the coordinator looks at what was reported as done
    from ``verifies_from`` on.
    """

    __tablename__ = "follow_up"
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), primary_key=True)
    days_before: Mapped[str] = mapped_column(String(40), default="")
    on_the_day: Mapped[bool] = mapped_column(default=False)
    days_after: Mapped[str] = mapped_column(String(40), default="")
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
    deputy_after: Mapped[int | None]
    contact_after: Mapped[int | None]
    chair_after: Mapped[int | None]
    verifies: Mapped[bool] = mapped_column(default=False)
    verifies_from: Mapped[datetime | None]
    changed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class OrganisationContact(Base):
    """Whom an organisation named for actions that stay undone: at one table, or at all of them."""

    __tablename__ = "organisation_contact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    part: Mapped[ContactPart] = mapped_column(enum_of(ContactPart))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_organisation_contact", "organisation_id", "part", "table_id"),)


class ActionNotice(Base):
    """Somebody was told of an action by the schedule; one per step, term, day and person.

    ``due_on`` is the term it was about, set ``since`` then, and ``days`` how many days off that
    the step lies; ``mail_id`` names the one mail of that person that day. Who was told on the
    ladder as deputy, team lead or contact reads the safe text as long as the action is unfinished.
    """

    __tablename__ = "action_notice"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID] = mapped_column(fk("action.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    step: Mapped[NoticeStep] = mapped_column(enum_of(NoticeStep))
    due_on: Mapped[date]
    since: Mapped[datetime]
    days: Mapped[int]
    told_at: Mapped[datetime]
    mail_id: Mapped[uuid.UUID]
    __table_args__ = (
        UniqueConstraint("action_id", "person_id", "step", "due_on", "since", "days"),
        Index("ix_action_notice_person", "person_id", "step", "told_at"),
    )


class ActionPause(Base):
    """Nobody is told of an action until a day; the remark of ``event_id`` says why."""

    __tablename__ = "action_pause"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID] = mapped_column(fk("action.id"))
    event_id: Mapped[uuid.UUID] = mapped_column(fk("action_event.id"))
    by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    from_at: Mapped[datetime]
    until_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_action_pause_live",
            "action_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class TermRequest(Base):
    """The holder of an action asks for more time; the remark of ``event_id`` says why.

    ``granted_until_on`` is empty where it was refused.
    """

    __tablename__ = "term_request"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID] = mapped_column(fk("action.id"))
    event_id: Mapped[uuid.UUID] = mapped_column(fk("action_event.id"))
    asked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    asked_at: Mapped[datetime]
    until_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    granted_until_on: Mapped[date | None]
    __table_args__ = (
        Index(
            "uq_term_request_live",
            "action_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )


class ActionShown(Base):
    """The chair agreed that everybody at a later item of the case reads an action in full."""

    __tablename__ = "action_shown"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    action_id: Mapped[uuid.UUID] = mapped_column(fk("action.id"))
    item_id: Mapped[uuid.UUID] = mapped_column(fk("agenda_item.id"), index=True)
    agreed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    agreed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_action_shown_live",
            "action_id",
            "item_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class SavedView(Base):
    """Filters of the board somebody keeps: an address with ids only, which names itself."""

    __tablename__ = "saved_view"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    query: Mapped[str] = mapped_column(String(400))
    kept_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("person_id", "query"),)


class Export(Base):
    """A copy somebody asked for, its purpose, how far the worker is, and the file until it expires.

    ``query`` holds the filters with ids only; ``file_ct`` is the file in base64, sealed with a key
    of its own that is destroyed at ``expires_at``.
    """

    __tablename__ = "export"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    kind: Mapped[ExportKind] = mapped_column(enum_of(ExportKind))
    as_file: Mapped[ExportFormat] = mapped_column(enum_of(ExportFormat))
    purpose: Mapped[ExportPurpose] = mapped_column(enum_of(ExportPurpose))
    query: Mapped[str] = mapped_column(String(400), default="")
    asked_at: Mapped[datetime]
    rows: Mapped[int | None]
    done: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    file_ct: Mapped[bytes | None]
