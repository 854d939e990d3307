"""People, their accounts, sessions and one-time links; passwords and tokens are hashes only."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import (
    AccountState,
    AnnouncementKind,
    PowerfulChangeKind,
    SignInMethod,
    TableRoleName,
)
from app.infra.db import Base, enum_of, fk


class Person(Base):
    """A professional with an account; belongs to one organisation at a time.

    ``ends_at``: from then on a guest's account counts no more. ``is_supervisor``: the data
    protection officer (FG), who reads logs and operates nothing.
    """

    __tablename__ = "person"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    function: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[AccountState] = mapped_column(enum_of(AccountState))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_privacy_officer: Mapped[bool] = mapped_column(default=False)
    is_supervisor: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    theme: Mapped[str] = mapped_column(String(8), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_ct: Mapped[bytes | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    last_sign_in_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (Index("ix_person_organisation_id", "organisation_id"),)


class RecoveryCode(Base):
    """One of ten single-use codes that stand in for the second factor."""

    __tablename__ = "recovery_code"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """An invitation or recovery link; only the hash of its token is stored."""

    __tablename__ = "one_time_link"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser; only the hash of its random id is stored.

    ``idle_seconds`` is how long it may be idle where that is not the usual time. ``proved_at`` is
    when the person last proved to be there; such a proof, made since signing in, is unused until
    an act that asks one of its own used it up. Of who came by a provider: the identity, the
    provider's own name of the session, and when it was last asked.
    """

    __tablename__ = "web_session"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_seconds: Mapped[int | None]
    absolute_until: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")
    revoked_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(20), default="")
    method: Mapped[SignInMethod] = mapped_column(
        enum_of(SignInMethod), default=SignInMethod.PASSWORD
    )
    proved_at: Mapped[datetime | None]
    proof_is_unused: Mapped[bool] = mapped_column(default=False)
    identity_id: Mapped[uuid.UUID | None] = mapped_column(fk("linked_identity.id"), index=True)
    provider_session: Mapped[str] = mapped_column(String(255), default="")
    provider_asked_at: Mapped[datetime | None]


class Throttle(Base):
    """Failures per account or address; waits grow, but nobody is locked out for good."""

    __tablename__ = "throttle"
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class PowerfulChange(Base):
    """A change that waits for the second person of access.md §2.

    About a person; or about the host of ``table_id``: ``organisation_id``, none for no host.
    """

    __tablename__ = "powerful_change"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[PowerfulChangeKind] = mapped_column(enum_of(PowerfulChangeKind))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    new_value: Mapped[str] = mapped_column(String(254), default="")
    requested_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]


class Announcement(Base):
    """A change somebody made alone, as the staff of one table are told of it.

    About a person, or about an organisation that takes part in the table; for one meeting of it
    where ``meeting_id`` says so. Nobody made it where it came by itself.
    """

    __tablename__ = "announcement"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    kind: Mapped[AnnouncementKind] = mapped_column(enum_of(AnnouncementKind))
    role: Mapped[TableRoleName | None] = mapped_column(enum_of(TableRoleName))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(fk("meeting.id"))
    made_at: Mapped[datetime]
    __table_args__ = (Index("ix_announcement_table", "table_id", "made_at"),)


class Draft(Base):
    """What was typed when a session timed out; encrypted, bound to person and form, kept 24 h."""

    __tablename__ = "draft"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    form_key: Mapped[str] = mapped_column(String(200))
    fields_ct: Mapped[bytes]
    expires_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("person_id", "form_key"),)


class SubmitKey(Base):
    """An idempotency key already used: the same form sent twice makes one record."""

    __tablename__ = "submit_key"
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    used_at: Mapped[datetime]
    answer_url: Mapped[str] = mapped_column(Text(), default="")
