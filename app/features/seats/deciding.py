"""The source decides who reads its sections under Wpg, Wjsg or medical secrecy (access.md §1)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor, audit
from app.access.own_seats import waiting_for_source
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, Regime
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Disclosure

MEDICAL_BASES = ("consent", "legal-duty", "conflict-of-duties")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One decision asked of the source: which section, for whom, why."""

    disclosure_id: uuid.UUID
    reference: str
    table_name: str
    label_nl: str
    label_en: str
    regime: Regime
    organisation: str | None
    purpose: str
    necessity: str
    asked_at: datetime


def read_waiting(actor: Actor) -> tuple[Waiting, ...]:
    """Decisions asked of the actor's organisation, oldest first."""
    with reading() as session:
        rows = session.execute(
            waiting_for_source(actor, now=clock.now()).order_by(Disclosure.decided_at)
        ).all()
    return tuple(
        Waiting(
            disclosure_id=row.Disclosure.id,
            reference=row.Case.reference,
            table_name=row.CaseTable.name,
            label_nl=row.SectionType.label_nl,
            label_en=row.SectionType.label_en,
            regime=row.Section.regime,
            organisation=row.Organisation.name if row.Organisation else None,
            purpose=row.Disclosure.purpose,
            necessity=row.Disclosure.necessity,
            asked_at=row.Disclosure.decided_at,
        )
        for row in rows
    )


def decide(actor: Actor, disclosure_id: uuid.UUID, *, allow: bool, basis: str) -> None:
    """Allow or refuse; medical secrecy names consent, legal duty or conflict of duties."""
    with transaction() as session:
        row = session.execute(
            waiting_for_source(actor, now=clock.now()).where(Disclosure.id == disclosure_id)
        ).one_or_none()
        if row is None:
            raise NotVisible
        if allow and row.Section.regime is Regime.MEDICAL and basis not in MEDICAL_BASES:
            raise Refusal(Reason.VALUE_MISSING, "basis")
        disclosure: Disclosure = row.Disclosure
        if allow:
            disclosure.source_decided_at = clock.now()
            disclosure.source_decided_by_id = actor.person_id
            disclosure.source_basis = basis if row.Section.regime is Regime.MEDICAL else ""
        else:
            disclosure.withdrawn_at = clock.now()
        audit.record(
            session,
            actor,
            audit.Entry(
                event=audit.Event.AUTHORISE,
                object_kind="disclosure",
                object_id=disclosure.id,
                outcome="done" if allow else "refused",
                ground=Ground.SOURCE,
                case_id=row.Case.id,
                table_id=row.Case.table_id,
                section_id=row.Section.id,
            ),
        )
