"""Another organisation becomes the bringing partner of a case: asked by staff, once it says yes.

Whoever answers for it sees the reference and who asks, by the own role at that table; nothing else
of the case opens, before or after.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, select, update
from sqlalchemy.orm import Session

from app.access import audit, case_scopes, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.grounds import goes_on
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import Ground, TableRoleName
from app.infra import clock, outbox
from app.infra.wall import System, opened_for
from app.models import BringingTransfer, Case, CaseTable, Organisation, Person, TableRole

ASKED = "bringing.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTransfer:
    """What somebody who may answer sees of it."""

    id: uuid.UUID
    case_id: uuid.UUID
    table_id: uuid.UUID
    reference: str
    table: str
    asked_by: str
    asked_at: datetime
    confidentiality_nl: str
    confidentiality_en: str


def is_waiting() -> ColumnElement[bool]:
    """``BringingTransfer`` was neither accepted nor refused nor taken back."""
    return and_(
        BringingTransfer.accepted_at.is_(None),
        BringingTransfer.refused_at.is_(None),
        BringingTransfer.withdrawn_at.is_(None),
    )


def _asked_of(actor: Actor, now: datetime) -> Select[BringingTransfer, Case, CaseTable, str]:
    """Of the organisation the actor represents at the table of the case; for an open wall."""
    return (
        select(BringingTransfer, Case, CaseTable, Person.name.label("asked_by"))
        .join(Case, Case.id == BringingTransfer.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Person, Person.id == BringingTransfer.proposed_by_id)
        .where(
            is_waiting(),
            BringingTransfer.to_organisation_id == actor.organisation_id,
            BringingTransfer.table_id.in_(actor.representative_table_ids),
            Case.table_id == BringingTransfer.table_id,
            Case.closed_at.is_(None),
            c.is_not_barred(actor, now, case_id=BringingTransfer.case_id),
            goes_on(actor),
        )
    )


def first_asked(actor: Actor, *, now: datetime) -> ScalarSelect[uuid.UUID]:
    """The question that waits longest for the actor, as a column of whatever is asked anyway."""
    return (
        select(BringingTransfer.id)
        .where(
            is_waiting(),
            BringingTransfer.to_organisation_id == actor.organisation_id,
            BringingTransfer.table_id.in_(actor.representative_table_ids),
            c.is_not_barred(actor, now, case_id=BringingTransfer.case_id),
        )
        .order_by(BringingTransfer.proposed_at, BringingTransfer.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def asked_transfers(session: Session, actor: Actor, *, now: datetime) -> tuple[AskedTransfer, ...]:
    """What the actor may answer, oldest first; asks nothing for who represents nobody."""
    checks.note()
    if not actor.representative_table_ids:
        return ()
    with opened_for(session, System.HANDOVER):
        rows = session.execute(
            _asked_of(actor, now).order_by(BringingTransfer.proposed_at, BringingTransfer.id)
        ).all()
    return tuple(
        AskedTransfer(
            id=row.BringingTransfer.id,
            case_id=row.Case.id,
            table_id=row.Case.table_id,
            reference=row.Case.reference,
            table=row.CaseTable.name,
            asked_by=row.asked_by,
            asked_at=row.BringingTransfer.proposed_at,
            confidentiality_nl=row.CaseTable.confidentiality_nl,
            confidentiality_en=row.CaseTable.confidentiality_en,
        )
        for row in rows
    )


def load_asked(session: Session, actor: Actor, transfer_id: uuid.UUID) -> AskedTransfer:
    """One of them; that it was looked at is recorded. NotVisible."""
    waiting = asked_transfers(session, actor, now=clock.now())
    found = next((one for one in waiting if one.id == transfer_id), None)
    if found is None:
        raise NotVisible
    audit.record(session, actor, _line(found.id, found.case_id, found.table_id, audit.Event.READ))
    return found


def answer(session: Session, actor: Actor, transfer_id: uuid.UUID, *, accepts: bool) -> None:
    """Say yes or no for the own organisation; with yes it brings the case from now on. NotVisible.

    Of two who answer at once the second finds nothing to answer any more.
    """
    checks.note()
    now = clock.now()
    with opened_for(session, System.HANDOVER):
        row = session.execute(
            _asked_of(actor, now)
            .where(BringingTransfer.id == transfer_id)
            .with_for_update(of=(BringingTransfer, Case))
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            raise NotVisible
        transfer, case = row.BringingTransfer, row.Case
        if accepts:
            transfer.accepted_at, transfer.accepted_by_id = now, actor.person_id
            case.bringing_organisation_id = actor.organisation_id
        else:
            transfer.refused_at = now
        session.flush()
    event = audit.Event.TRANSFER if accepts else audit.Event.AUTHORISE
    audit.record(session, actor, _line(transfer.id, case.id, case.table_id, event))


def who_may_answer(session: Session, transfer_id: uuid.UUID) -> list[uuid.UUID]:
    """The representatives of the organisation that is asked; each is asked again before a mail."""
    with opened_for(session, System.HANDOVER):
        return list(
            session.scalars(
                select(TableRole.person_id)
                .join(Case, Case.table_id == TableRole.table_id)
                .join(BringingTransfer, BringingTransfer.case_id == Case.id)
                .join(Person, Person.id == TableRole.person_id)
                .where(
                    BringingTransfer.id == transfer_id,
                    is_waiting(),
                    TableRole.role == TableRoleName.REPRESENTATIVE,
                    c.is_live(TableRole.from_at, TableRole.until_at, clock.now()),
                    Person.organisation_id == BringingTransfer.to_organisation_id,
                )
                .order_by(TableRole.person_id)
            )
        )


def waiting_at(session: Session, case: Case) -> tuple[BringingTransfer, str] | None:
    """What is asked of whom at a loaded case; None where nothing waits."""
    row = session.execute(
        select(BringingTransfer, Organisation.name)
        .join(Organisation, Organisation.id == BringingTransfer.to_organisation_id)
        .where(BringingTransfer.case_id == case.id, is_waiting())
    ).one_or_none()
    return (row.BringingTransfer, row.name) if row else None


def choices(session: Session, case: Case) -> list[Organisation]:
    """Who may be asked to bring a loaded case: whoever takes part, but for who brings it now."""
    others = case_scopes.participants(case.table_id).where(
        Organisation.id != case.bringing_organisation_id, Organisation.ended_at.is_(None)
    )
    return list(session.scalars(others))


def propose(session: Session, actor: Actor, case: Case, organisation_id: uuid.UUID) -> None:
    """Ask an organisation to bring a loaded case from now on; until it says yes nothing changes.

    Refusal where something waits already, or it takes no part.
    """
    if waiting_at(session, case) is not None:
        raise Refusal(Reason.CHANGE_PENDING)
    if organisation_id not in {one.id for one in choices(session, case)}:
        raise Refusal(Reason.VALUE_UNKNOWN, "organisation")
    transfer = BringingTransfer(
        id=uuid.uuid4(),
        case_id=case.id,
        table_id=case.table_id,
        from_organisation_id=case.bringing_organisation_id,
        to_organisation_id=organisation_id,
        proposed_by_id=actor.person_id,
        proposed_at=clock.now(),
    )
    session.add(transfer)
    session.flush()
    outbox.add(
        session,
        ASKED,
        unique_key=f"{ASKED}:{transfer.id}",
        payload={"transfer_id": transfer.id, "mail_id": uuid.uuid4()},
    )
    line = _line(transfer.id, case.id, case.table_id, audit.Event.AUTHORISE, Ground.STAFF)
    audit.record(session, actor, line)


def withdraw(session: Session, actor: Actor, case: Case) -> None:
    """Nobody is asked any more to bring a loaded case. NotVisible where nothing waits."""
    waiting = waiting_at(session, case)
    if waiting is None:
        raise NotVisible
    transfer, _name = waiting
    transfer.withdrawn_at = clock.now()
    line = _line(transfer.id, case.id, case.table_id, audit.Event.AUTHORISE, Ground.STAFF)
    audit.record(session, actor, line)


def end_waiting(session: Session, case: Case) -> None:
    """A loaded case moves or closes: nobody is asked any more to bring it."""
    session.execute(
        update(BringingTransfer)
        .where(BringingTransfer.case_id == case.id, is_waiting())
        .values(withdrawn_at=clock.now())
    )


def _line(
    transfer_id: uuid.UUID,
    case_id: uuid.UUID,
    table_id: uuid.UUID,
    event: audit.Event,
    ground: Ground | None = None,
) -> audit.Entry:
    return audit.Entry(
        event=event,
        object_kind="bringing-transfer",
        object_id=transfer_id,
        case_id=case_id,
        table_id=table_id,
        ground=ground,
    )
