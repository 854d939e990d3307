"""Referrals (aanmeldingen) with questions back; handovers to another table or to a team."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import Channel, ReferralState, Urgency
from app.infra.db import Base, enum_of, fk

_IS_LIVE = "accepted_at IS NULL AND refused_at IS NULL AND withdrawn_at IS NULL"


class Referral(Base):
    """A partner's referral: its own draft until sent, then what its referrer follows of the case.

    ``table_id`` is where it lies now, ``kind_version`` of which version of that table's kind the
    criteria were. ``draft_ct`` goes when it is sent: its words then stand in the case.
    ``outcome_ct`` is addressed to the referrer, or why the referrer withdrew it; ``late_ct`` why it
    came after the deadline. ``passed_on_at`` is when another table or ``team_id`` last accepted it.
    """

    __tablename__ = "referral"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID | None] = mapped_column(fk("case.id"), unique=True)
    table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    state: Mapped[ReferralState] = mapped_column(enum_of(ReferralState))
    channel: Mapped[Channel] = mapped_column(enum_of(Channel), default=Channel.FORM)
    urgency: Mapped[Urgency] = mapped_column(enum_of(Urgency), default=Urgency.REGULAR)
    family_informed: Mapped[bool | None]
    kind_version: Mapped[int] = mapped_column(default=0)
    draft_ct: Mapped[bytes | None]
    late_ct: Mapped[bytes | None]
    outcome_ct: Mapped[bytes | None]
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    passed_on_at: Mapped[datetime | None]
    team_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("ix_referral_person", "person_id", "state"),
        Index("ix_referral_table", "table_id", "state", "due_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class ReferralCriterion(Base):
    """Whether the referrer says that one criterion of the table's kind is met."""

    __tablename__ = "referral_criterion"
    referral_id: Mapped[uuid.UUID] = mapped_column(fk("referral.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_met: Mapped[bool]


class ReferralPartner(Base):
    """An organisation the referrer would like at the table."""

    __tablename__ = "referral_partner"
    referral_id: Mapped[uuid.UUID] = mapped_column(fk("referral.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"), primary_key=True)


class ReferralQuestion(Base):
    """What staff asked the referrer back, and the answer; read by both."""

    __tablename__ = "referral_question"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    referral_id: Mapped[uuid.UUID] = mapped_column(fk("referral.id"), index=True)
    text_ct: Mapped[bytes]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    asked_at: Mapped[datetime]
    answer_ct: Mapped[bytes | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    answered_at: Mapped[datetime | None]


class Handover(Base):
    """A case offered to another table, or to a team outside: one at a time.

    It moves nothing before it is accepted: until then the duty stays with ``from_table_id``. Its
    tasks (``Task.handover_id``) open the named fields to who may accept. ``due_at`` is when an
    answer is expected, ``told_at`` when it was last told that none came. ``answer_ct`` is why it
    was refused, for the sender.
    """

    __tablename__ = "handover"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    case_id: Mapped[uuid.UUID] = mapped_column(fk("case.id"))
    from_table_id: Mapped[uuid.UUID] = mapped_column(fk("case_table.id"))
    to_table_id: Mapped[uuid.UUID | None] = mapped_column(fk("case_table.id"))
    to_organisation_id: Mapped[uuid.UUID | None] = mapped_column(fk("organisation.id"))
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"))
    proposed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    accepted_at: Mapped[datetime | None]
    refused_by_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    refused_at: Mapped[datetime | None]
    answer_ct: Mapped[bytes | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_handover_case", "case_id", "proposed_at"),
        Index("ix_handover_from", "from_table_id", "due_at"),
        Index("ix_handover_to", "to_table_id", "accepted_at"),
        Index(
            "uq_handover_live",
            "case_id",
            unique=True,
            sqlite_where=text(_IS_LIVE),
            postgresql_where=text(_IS_LIVE),
        ),
    )
