"""A referral that staff take down for somebody who calls: it starts where every other one does.

The log says on whose behalf; whoever called follows it like an own referral, and answers questions.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access.actor import Actor
from app.access.administration.kinds_in_force import in_force
from app.access.conditions import is_live
from app.access.records.new_cases import NewCase, add_case
from app.access.referrals import clocks
from app.domain.errors import Reason, Refusal
from app.domain.kinds import (
    AccountState,
    CaseState,
    Channel,
    ClockStart,
    Ground,
    ReferralState,
    TableRoleName,
)
from app.infra import clock
from app.models import Case, CaseTable, Organisation, Person, Referral, TableRole


def possible_callers(
    actor: Actor, table_ids: Collection[uuid.UUID]
) -> Select[uuid.UUID, str, str, uuid.UUID]:
    """Who represents an organisation at tables served, by organisation and name."""
    checks.note()
    return (
        select(
            Person.id, Person.name, Organisation.name.label("organisation"), Person.organisation_id
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .join(TableRole, TableRole.person_id == Person.id)
        .where(
            TableRole.table_id.in_(actor.staff_table_ids & frozenset(table_ids)),
            TableRole.role == TableRoleName.REPRESENTATIVE,
            is_live(TableRole.from_at, TableRole.until_at, clock.now()),
            Person.state == AccountState.ACTIVE,
        )
        .distinct()
        .order_by(Organisation.name, Person.name, Person.id)
    )


def take_down(
    session: Session, actor: Actor, table: CaseTable, new: NewCase, caller_id: uuid.UUID
) -> Case:
    """Put what somebody called about on the list, to be judged. VALUE_UNKNOWN, COVENANT_MISSING."""
    callers = {row.id: row for row in session.execute(possible_callers(actor, [table.id]))}
    caller = callers.get(caller_id)
    if caller is None or caller.organisation_id != new.organisation_id:
        raise Refusal(Reason.VALUE_UNKNOWN, "caller")
    now = clock.now()
    case = add_case(session, actor, table, new)
    case.state = CaseState.REFERRED
    session.flush()
    started = clocks.start(session, case, table, ClockStart.REFERRAL, now)
    referral = Referral(
        id=uuid.uuid4(),
        case_id=case.id,
        table_id=table.id,
        person_id=caller.id,
        organisation_id=caller.organisation_id,
        state=ReferralState.SENT,
        channel=Channel.TELEPHONE,
        kind_version=in_force(session, table, now).number,
        started_at=now,
        changed_at=now,
        sent_at=now,
        due_at=started[0].due_at if started else None,
    )
    session.add(referral)
    audit.record(
        session,
        actor,
        audit.Entry(
            event=audit.Event.ADD,
            object_kind="referral",
            object_id=referral.id,
            case_id=case.id,
            table_id=table.id,
            ground=Ground.STAFF,
            on_behalf_of_id=caller.id,
        ),
    )
    return case
