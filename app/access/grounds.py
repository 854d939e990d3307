"""Grounds 4 and 5 of access.md §2 in SQL: what a task names, and an emergency reading.

Both are for one person and one case and end by themselves. Neither counts on a page about one
meeting: they have pages of their own.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.access import checks
from app.access import conditions as c
from app.access.actor import Actor
from app.domain.kinds import AccountState, TaskKind
from app.models import (
    AgendaItem,
    BreakGlass,
    Case,
    Meeting,
    Person,
    Section,
    SectionType,
    Task,
    TaskSection,
    identity_place,
)

_NAMED, _SHOWN = aliased(TaskSection), identity_place.alias()


def is_held(actor: Actor, now: datetime) -> c.Condition:
    """``Task`` is the actor's own and goes on, accepted or not, at the table of ``Case``.

    A case lead ends when the case closes; a task at an item ends with the item, and lasts no
    longer than the window of its meeting.
    """
    return and_(
        Task.person_id == actor.person_id,
        Task.organisation_id == actor.organisation_id,
        Case.id == Task.case_id,
        Case.table_id == Task.table_id,
        Task.from_at <= now,
        or_(Task.until_at.is_(None), Task.until_at > now),
        or_(Task.ended_at.is_(None), Task.ended_at > now),
        or_(Task.kind != TaskKind.CASE_LEAD, Case.closed_at.is_(None)),
        or_(Task.item_id.is_(None), _is_item_open(now)),
        goes_on(actor),
    )


def goes_on(actor: Actor) -> c.Condition:
    """The account still is as it was when the actor was made: for acts under way meanwhile."""
    return exists().where(
        Person.id == actor.person_id,
        Person.state == AccountState.ACTIVE,
        Person.is_administrator.is_(False),
        Person.organisation_id == actor.organisation_id,
    )


def _is_item_open(now: datetime) -> c.Condition:
    """The item of ``Task`` stands on the agenda of a meeting in its window."""
    return (
        exists()
        .where(
            AgendaItem.id == Task.item_id,
            AgendaItem.case_id == Task.case_id,
            Meeting.id == AgendaItem.meeting_id,
            AgendaItem.removed_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.table_id == Task.table_id,
            c.is_in_window(now),
        )
        .correlate(Task)
    )


def knows_nobody(actor: Actor, now: datetime) -> c.Condition:
    """The person said so of every identity ``Task`` names; where none is, none is asked."""
    return ~exists().where(
        _NAMED.task_id == Task.id,
        _SHOWN.c.section_id == _NAMED.section_id,
        c.is_agreed(_SHOWN.c, _NAMED, given_at=Task.granted_at, now=now),
        ~c.is_declared(actor, _SHOWN.c.section_id, _SHOWN.c.words_version),
    )


def is_open(actor: Actor, now: datetime) -> c.Condition:
    """``Task`` opens what it names: held, accepted, and nobody concerned is known."""
    return and_(is_held(actor, now), Task.accepted_at <= now, knows_nobody(actor, now))


def is_named(actor: Actor, now: datetime, *, task_id: uuid.UUID | None = None) -> c.Condition:
    """An open task of the actor names ``Section`` of ``Case``; a case lead has the plan unnamed.

    With ``task_id`` that task alone. A handover shows nothing its source forbids to pass on, though
    it was named before.
    """
    if not actor.has_tasks:
        return false()
    named = exists().where(
        TaskSection.task_id == Task.id,
        TaskSection.section_id == Section.id,
        c.is_agreed(Section, TaskSection, given_at=Task.granted_at, now=now),
        or_(Task.kind != TaskKind.HANDOVER, Section.no_passing_on.is_(False)),
    )
    plan = exists().where(
        SectionType.id == Section.section_type_id,
        SectionType.is_plan.is_(True),
        ~c.is_asked(Section, Task.granted_at),
    )
    opens = or_(
        named.correlate(Task, Section),
        and_(Task.kind == TaskKind.CASE_LEAD, plan.correlate(Task, Section)),
    )
    this = Task.id == task_id if task_id else c.always()
    return exists().where(this, is_open(actor, now), opens).correlate(Case, Section)


def leads_case(actor: Actor, now: datetime) -> c.Condition:
    """The actor is the accepted case lead of ``Case``."""
    if not actor.has_tasks:
        return false()
    leads = exists().where(Task.kind == TaskKind.CASE_LEAD, is_open(actor, now))
    return leads.correlate(Case)


def is_broken_open(actor: Actor, now: datetime) -> c.Condition:
    """The actor reads ``Case`` in an emergency just now, and is still named for it there."""
    if not actor.reads_in_emergency:
        return false()
    reads = exists().where(
        BreakGlass.person_id == actor.person_id,
        BreakGlass.case_id == Case.id,
        BreakGlass.table_id == Case.table_id,
        BreakGlass.from_at <= now,
        BreakGlass.until_at > now,
        or_(BreakGlass.ended_at.is_(None), BreakGlass.ended_at > now),
    )
    return and_(reads.correlate(Case), may_break_glass(actor))


def may_break_glass(actor: Actor) -> c.Condition:
    """The actor is privacy officer, or named for emergencies at the table of ``Case``."""
    if actor.is_privacy_officer:
        return c.always()
    return Case.table_id.in_(actor.emergency_table_ids)


def own_tasks(actor: Actor, *, now: datetime) -> Select[Task, Case]:
    """The actor's own tasks, accepted or not, minus cases that bar the actor."""
    checks.note()
    return (
        select(Task, Case)
        .join(Case, Case.id == Task.case_id)
        .where(is_held(actor, now), c.is_not_barred(actor, now))
    )
