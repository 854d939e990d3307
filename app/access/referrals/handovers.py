"""A case is offered to another table or to a team; until one of them accepts nothing moves.

The duty stays with the table that proposes, and both sides see how long nobody answered. Whoever
the case bars is never asked and never learns of it. Answers are given in ``handover_answers``.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Select, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.administration.kinds_in_force import in_force
from app.access.messages.hidden_names import names_about
from app.access.referrals import handover_due
from app.access.referrals.handover_receivers import receivers, task_for
from app.access.referrals.handover_scopes import is_unanswered
from app.access.referrals.held_cases import hold_case, hold_tasks
from app.access.tasks import tasks
from app.access.tasks.coming import queue_told
from app.access.tasks.giving import store
from app.domain.case_clocks import due
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kind_document import ClockRule, Words
from app.domain.kinds import (
    ClockStart,
    ClockUnit,
    Ground,
    TableRoleName,
)
from app.domain.leaks import findings
from app.domain.states import SHUT
from app.infra import clock
from app.infra.holidays_nl import is_holiday
from app.infra.wall import System, opened_for
from app.models import (
    Case,
    CaseTable,
    Handover,
    Organisation,
    Person,
    Section,
    TableRole,
    Task,
)

NEVER: Final = datetime.max.replace(tzinfo=UTC)
OBJECT: Final = "handover"
# The code of the clock by which a kind expects an answer, as the receiving side.
HANDOVER_CLOCK: Final = "acceptance"
# Where no kind says otherwise.
USUAL: Final = ClockRule(
    HANDOVER_CLOCK, Words("", ""), ClockStart.HANDOVER, 2, ClockUnit.WORKING_DAYS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """To which table or which team, why in neutral words, and which fields it may read first.

    ``due_by`` is when an answer is expected at the latest, where something else runs out first.
    """

    reason: str
    to_table_id: uuid.UUID | None = None
    to_organisation_id: uuid.UUID | None = None
    section_ids: Sequence[uuid.UUID] = ()
    opens_question: bool = True
    due_by: datetime | None = None


def propose(
    session: Session, actor: Actor, case: Case, new: Proposal, *, ground: Ground = Ground.STAFF
) -> Handover:
    """Offer a case to a table or a team; the caller saw to it that the actor may. Refusal.

    Of two who propose at once one does; the other reads that a handover waits already.
    """
    now = clock.now()
    hold_case(session, case)
    if case.state in SHUT:
        raise Refusal(Reason.STATE_NOT_ALLOWED)
    handover = Handover(
        id=uuid.uuid4(),
        case_id=case.id,
        from_table_id=case.table_id,
        to_table_id=new.to_table_id,
        to_organisation_id=new.to_organisation_id,
        proposed_by_id=actor.person_id,
        proposed_at=now,
        due_at=min(_due_at(session, case, new.to_table_id, now), new.due_by or NEVER),
    )
    if ground is Ground.STAFF:
        _refuse_naming(session, actor, case, new.reason)
    receivers = _receivers_named(session, case, handover)
    section_ids = _may_be_named(session, case, new.section_ids)
    with opened_for(session, System.HANDOVER):
        _add(session, handover)
        for one in receivers:
            wanted = task_for(
                handover,
                one,
                reason=new.reason,
                section_ids=section_ids,
                opens_question=new.opens_question,
            )
            task = store(session, case, wanted, by_id=actor.person_id)
            audit.record(session, actor, tasks.line_of(task, audit.Event.AUTHORISE, ground))
            queue_told(session, task)
    handover_due.watch(session, handover, handover.due_at)
    audit.record(session, actor, line_of(handover, audit.Event.AUTHORISE, ground))
    return handover


def _refuse_naming(session: Session, actor: Actor, case: Case, reason: str) -> None:
    """Whoever may accept reads why first: it names nobody only staff may know of. NAMES_HIDDEN."""
    if findings(reason, names_about(session, actor, case).words(())):
        raise Refusal(Reason.NAMES_HIDDEN, "reason")


def _add(session: Session, handover: Handover) -> None:
    try:
        with session.begin_nested():
            session.add(handover)
    except IntegrityError:
        raise Refusal(Reason.HANDOVER_WAITS) from None


def _receivers_named(session: Session, case: Case, handover: Handover) -> Sequence[Person]:
    """Who may accept; where nobody is left the words are the same whatever the reason."""
    if (handover.to_table_id is None) == (handover.to_organisation_id is None):
        raise Refusal(Reason.VALUE_MISSING, "to")
    found = session.scalars(receivers(handover, now=clock.now())).all()
    if not found or handover.to_table_id == case.table_id:
        raise Refusal(Reason.NOBODY_TO_ACCEPT, "to")
    return found


def _may_be_named(
    session: Session, case: Case, section_ids: Sequence[uuid.UUID]
) -> tuple[uuid.UUID, ...]:
    """Written sections of this case whose source does not forbid passing them on."""
    wanted = tuple(dict.fromkeys(section_ids))
    with opened_for(session, System.HANDOVER):
        known = set(
            session.scalars(
                select(Section.id).where(
                    Section.case_id == case.id,
                    Section.id.in_(wanted),
                    Section.text_ct.is_not(None),
                    Section.no_passing_on.is_(False),
                )
            )
        )
    if not known.issuperset(wanted):
        raise Refusal(Reason.VALUE_UNKNOWN, "sections")
    return wanted


def _due_at(session: Session, case: Case, to_table_id: uuid.UUID | None, now: datetime) -> datetime:
    """By the clock of the receiving kind; sooner where the sending kind says so (24 hours)."""
    rules: list[ClockRule] = []
    for table_id, is_receiver in ((case.table_id, False), (to_table_id, True)):
        table = session.get(CaseTable, table_id) if table_id else None
        if table is None:
            continue
        rules += [
            rule
            for rule in in_force(session, table, now).document.clocks
            if rule.start is ClockStart.HANDOVER
            and (to_table_id is None or (rule.code == HANDOVER_CLOCK) is is_receiver)
        ]
    return min(due(rule, now, is_holiday) for rule in rules or [USUAL])


def withdraw(session: Session, actor: Actor, case: Case, handover_id: uuid.UUID) -> None:
    """Take back what nobody answered yet, at a loaded case of a table served. Refusal."""
    handover = hold(session, case.id, handover_id)
    if handover.from_table_id != case.table_id:
        raise NotVisible
    handover.withdrawn_at = clock.now()
    end_tasks(session, actor, handover)
    audit.record(session, actor, line_of(handover, audit.Event.CHANGE, Ground.STAFF))


def refuse_waiting(session: Session, case: Case) -> None:
    """Refusal HANDOVER_WAITS as long as a handover of this case waits for an answer."""
    with opened_for(session, System.HANDOVER):
        waits = session.scalar(select(exists().where(Handover.case_id == case.id, is_unanswered())))
    if waits:
        raise Refusal(Reason.HANDOVER_WAITS)


def hold(session: Session, case_id: uuid.UUID, handover_id: uuid.UUID) -> Handover:
    """A handover that waits, held with its tasks till the commit. Refusal HANDOVER_SETTLED."""
    hold_tasks(session, case_id)
    with opened_for(session, System.HANDOVER):
        found = session.scalars(
            select(Handover)
            .where(Handover.id == handover_id, Handover.case_id == case_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
    if found is None:
        raise NotVisible
    if found.accepted_at or found.refused_at or found.withdrawn_at:
        raise Refusal(Reason.HANDOVER_SETTLED)
    return found


def end_tasks(session: Session, actor: Actor, handover: Handover) -> None:
    """Nobody may answer it any more."""
    waiting = select(Task).where(Task.handover_id == handover.id, Task.ended_at.is_(None))
    for task in session.scalars(waiting.order_by(Task.id)):
        tasks.end(task, actor, now=clock.now())


def line_of(handover: Handover, event: audit.Event, ground: Ground) -> audit.Entry:
    """A line of the log about a handover."""
    return audit.Entry(
        event=event,
        object_kind=OBJECT,
        object_id=handover.id,
        case_id=handover.case_id,
        table_id=handover.from_table_id,
        ground=ground,
    )


def tables_and_teams(
    case: Case,
) -> tuple[Select[uuid.UUID, str], Select[uuid.UUID, str]]:
    """Where a loaded case may be offered: other tables, organisations with people.

    The same list whoever the case bars: what is missing from it would tell.
    """
    checks.note()
    now = clock.now()
    lives = c.is_live(TableRole.from_at, TableRole.until_at, now)
    tables = (
        select(CaseTable.id, CaseTable.name)
        .where(CaseTable.ended_at.is_(None), CaseTable.id != case.table_id)
        .order_by(CaseTable.name)
    )
    teams = (
        select(Organisation.id, Organisation.name)
        .where(
            Organisation.ended_at.is_(None),
            exists().where(
                Person.organisation_id == Organisation.id,
                TableRole.person_id == Person.id,
                TableRole.role == TableRoleName.REPRESENTATIVE,
                lives,
            ),
        )
        .order_by(Organisation.name)
    )
    return tables, teams


def name_of_table(session: Session, case: Case) -> str:
    """The table on whose list a loaded case stands."""
    return session.get_one(CaseTable, case.table_id).name
