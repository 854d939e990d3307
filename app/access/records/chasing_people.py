"""Whom one may tell of an action: active, and never somebody its case bars.

Asked for many actions at once. It names nobody to anybody: the plan of an action shows parts only.
Who stands on a rung is asked without the bar of a case: else the day on which one is told would
tell that somebody else may not know.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.people import may_come_near
from app.domain.chasing import Schedule, Step
from app.domain.kinds import AccountState, ContactPart, NoticeStep, TableRoleName
from app.models import Action, OrganisationContact, Person, TableRole

Ids = Collection[uuid.UUID]
People = Mapping[uuid.UUID, tuple[uuid.UUID, ...]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands somewhere per action, and whom of them one may tell: none its case bars."""

    named: People
    reached: People

    def told(self, action_id: uuid.UUID) -> tuple[uuid.UUID, ...]:
        """Whom one may tell."""
        return self.reached.get(action_id, ())


_NOBODY: Final = Standing({}, {})


def holders(session: Session, ids: Ids, *, now: datetime) -> Standing:
    """The holder of each action, or every representative where nobody is named. One statement."""
    represents = Person.id.in_(
        select(TableRole.person_id)
        .where(
            TableRole.table_id == Action.table_id,
            _is_live_role(TableRoleName.REPRESENTATIVE, now),
        )
        .correlate(Action)
    )
    holds = or_(Action.person_id == Person.id, and_(Action.person_id.is_(None), represents))
    found = _people().join(Person, and_(_is_of_organisation(), holds))
    return _standing(session.execute(_active(found, ids, now)))


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who stands on each rung, per action."""

    rungs: Mapping[NoticeStep, Standing]

    def of(
        self, action_id: uuid.UUID, step: Step, schedule: Schedule, *, holders: Standing
    ) -> tuple[NoticeStep, tuple[uuid.UUID, ...]]:
        """The first rung from this step on where anybody but the holders stands, and whom to tell.

        Where the case bars all of them the step passes and tells nobody.
        """
        but = holders.named.get(action_id, ())
        taken = [rung for rung, _days in schedule.rungs]
        for rung in taken[taken.index(step.step) :]:
            standing = self.rungs.get(rung, _NOBODY)
            if set(standing.named.get(action_id, ())) - set(but):
                return rung, tuple(one for one in standing.told(action_id) if one not in but)
        return step.step, ()


def ladder(session: Session, ids: Ids, *, now: datetime) -> Ladder:
    """Deputies or team leads, contacts and chairs of these actions. Three statements.

    A team lead goes before the deputies: the other representatives of the organisation there.
    """
    named = session.execute(_active(_named(now), ids, now)).all()
    leads, contacts = (
        _standing((one.action_id, one.person_id, one.may) for one in named if one.part is part)
        for part in (ContactPart.TEAM_LEAD, ContactPart.CONTACT)
    )
    deputies = _standing(
        one
        for one in session.execute(
            _active(_at_table(TableRoleName.REPRESENTATIVE, now, _is_of_organisation()), ids, now)
        )
        if one.action_id not in leads.named
    )
    chairs = session.execute(_active(_at_table(TableRoleName.CHAIR, now), ids, now))
    return Ladder(
        {
            NoticeStep.DEPUTY: Standing(
                {**deputies.named, **leads.named}, {**deputies.reached, **leads.reached}
            ),
            NoticeStep.CONTACT: contacts,
            NoticeStep.CHAIR: _standing(chairs),
        }
    )


def _named(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        _people()
        .add_columns(OrganisationContact.part)
        .join(
            OrganisationContact,
            and_(
                OrganisationContact.organisation_id == Action.organisation_id,
                or_(
                    OrganisationContact.table_id.is_(None),
                    OrganisationContact.table_id == Action.table_id,
                ),
                c.is_live(OrganisationContact.from_at, OrganisationContact.until_at, now),
            ),
        )
        .join(Person, and_(Person.id == OrganisationContact.person_id, _is_of_organisation()))
    )


def _at_table(
    role: TableRoleName, now: datetime, *more: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    return (
        _people()
        .join(TableRole, and_(TableRole.table_id == Action.table_id, _is_live_role(role, now)))
        .join(Person, and_(Person.id == TableRole.person_id, *more))
    )


def _people() -> Select[*tuple[Any, ...]]:
    columns = (Action.id.label("action_id"), Person.id.label("person_id"))
    return select(*columns).select_from(Action)


def _is_live_role(role: TableRoleName, now: datetime) -> ColumnElement[bool]:
    return and_(TableRole.role == role, c.is_live(TableRole.from_at, TableRole.until_at, now))


def _is_of_organisation() -> ColumnElement[bool]:
    return Person.organisation_id == Action.organisation_id


def _active(
    statement: Select[*tuple[Any, ...]], ids: Ids, now: datetime
) -> Select[*tuple[Any, ...]]:
    """Columns ``action_id``, ``person_id`` and what a statement adds; ``may``: not barred."""
    return (
        statement.where(Action.id.in_(ids), Person.state == AccountState.ACTIVE)
        .add_columns(may_come_near(Action.case_id, now=now).label("may"))
        .order_by(Action.id, Person.id)
    )


def _standing(rows: Iterable[Any]) -> Standing:
    found = [(action_id, person_id, may) for action_id, person_id, may in rows]
    return Standing(
        _grouped((action_id, person_id) for action_id, person_id, _may in found),
        _grouped((action_id, person_id) for action_id, person_id, may in found if may),
    )


def _grouped(rows: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> People:
    found: dict[uuid.UUID, dict[uuid.UUID, None]] = defaultdict(dict)
    for action_id, person_id in rows:
        found[action_id][person_id] = None
    return {action_id: tuple(people) for action_id, people in found.items()}
