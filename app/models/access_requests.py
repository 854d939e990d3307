"""Access requests (inzageverzoeken): who asked, what was judged, what the sources say of it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import (
    AnswerKind,
    AuthorityCheck,
    IdentityCheck,
    PartKind,
    Regime,
    SourceOpinion,
)
from app.infra.db import Base, enum_of, fk


class AccessRequest(Base):
    """One request about one person; without a case when nothing was found.

    As long as it is open, nothing of its case is destroyed.
    """

    __tablename__ = "access_request"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"), index=True)
    case_id: Mapped[uuid.UUID | None] = mapped_column(fk("case.id"), index=True)
    person_concerned_id: Mapped[uuid.UUID | None] = mapped_column(
        fk("person_concerned.id", on_delete="SET NULL")
    )
    regime: Mapped[Regime] = mapped_column(enum_of(Regime))
    identity_check: Mapped[IdentityCheck] = mapped_column(enum_of(IdentityCheck))
    authority_check: Mapped[AuthorityCheck] = mapped_column(enum_of(AuthorityCheck))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    received_on: Mapped[date]
    due_on: Mapped[date]
    extended_at: Mapped[datetime | None]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    recorded_at: Mapped[datetime]
    answer: Mapped[AnswerKind | None] = mapped_column(enum_of(AnswerKind))
    prepared_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    prepared_at: Mapped[datetime | None]
    reviewer_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    task_id: Mapped[uuid.UUID | None] = mapped_column(fk("task.id"))
    reviewed_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Requester(Base):
    """Who asks, apart from the request, which holds its case whoever looks; for staff alone."""

    __tablename__ = "requester"
    request_id: Mapped[uuid.UUID] = mapped_column(fk("access_request.id"), primary_key=True)
    name_ct: Mapped[bytes]


class ReviewRemark(Base):
    """What a reviewer has staff know about the answer; goes when the answer is put anew."""

    __tablename__ = "review_remark"
    request_id: Mapped[uuid.UUID] = mapped_column(fk("access_request.id"), primary_key=True)
    text_ct: Mapped[bytes]


class AccessRequestPart(Base):
    """One text that may be about the person, and the judgement of each of its passages.

    ``grounds`` is JSON: for each passage a redaction ground, or empty when it stays. ``text_hash``
    tells whether the text still is the one that was judged.
    """

    __tablename__ = "access_request_part"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    request_id: Mapped[uuid.UUID] = mapped_column(fk("access_request.id"))
    kind: Mapped[PartKind] = mapped_column(enum_of(PartKind))
    object_id: Mapped[uuid.UUID]
    grounds: Mapped[str] = mapped_column(Text(), default="")
    text_hash: Mapped[str] = mapped_column(String(64), default="")
    judged_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    judged_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("request_id", "object_id"),)


class SourceView(Base):
    """What one source organisation says of giving its sections: yes, in part, or no."""

    __tablename__ = "source_view"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    request_id: Mapped[uuid.UUID] = mapped_column(fk("access_request.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    asked_at: Mapped[datetime]
    opinion: Mapped[SourceOpinion | None] = mapped_column(enum_of(SourceOpinion))
    reason_ct: Mapped[bytes | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("request_id", "organisation_id"),
        Index("ix_source_view_organisation", "organisation_id", "answered_at"),
    )
