"""Whom one may tell of an action: active, and never somebody its case bars.

Asked for many actions at once. It names nobody to anybody: the plan of an action shows parts only.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.people import may_come_near
from app.domain.chasing import Schedule, Step
from app.domain.kinds import AccountState, ContactPart, NoticeStep, TableRoleName
from app.models import Action, OrganisationContact, Person, TableRole

Ids = Collection[uuid.UUID]
People = Mapping[uuid.UUID, tuple[uuid.UUID, ...]]


def holders(session: Session, ids: Ids, *, now: datetime) -> People:
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
    found = select(Action.id, Person.id).join(Person, and_(_is_of_organisation(), holds))
    return _grouped(session.execute(_reached(found, ids, now)))


@dataclass(frozen=True, slots=True)
class Ladder:
    """Who stands on each rung, per action."""

    rungs: Mapping[NoticeStep, People]

    def of(
        self, action_id: uuid.UUID, step: Step, schedule: Schedule, *, but: Ids
    ) -> tuple[NoticeStep, tuple[uuid.UUID, ...]]:
        """The first rung from this step on with anybody who does not hold the action itself."""
        taken = [rung for rung, _days in schedule.rungs]
        for rung in taken[taken.index(step.step) :]:
            people = self.rungs.get(rung, {}).get(action_id, ())
            told = tuple(one for one in people if one not in but)
            if told:
                return rung, told
        return step.step, ()


def ladder(session: Session, ids: Ids, *, now: datetime) -> Ladder:
    """Deputies or team leads, contacts and chairs of these actions. Three statements.

    A team lead goes before the deputies: the other representatives of the organisation there.
    """
    named = session.execute(_reached(_named(now), ids, now)).all()
    leads, contacts = (
        _grouped((action_id, person_id) for action_id, person_id, its in named if its is part)
        for part in (ContactPart.TEAM_LEAD, ContactPart.CONTACT)
    )
    deputies = session.execute(
        _reached(_at_table(TableRoleName.REPRESENTATIVE, now, _is_of_organisation()), ids, now)
    )
    chairs = session.execute(_reached(_at_table(TableRoleName.CHAIR, now), ids, now))
    return Ladder(
        {
            NoticeStep.DEPUTY: {**_grouped(deputies), **leads},
            NoticeStep.CONTACT: contacts,
            NoticeStep.CHAIR: _grouped(chairs),
        }
    )


def _named(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(Action.id, Person.id, OrganisationContact.part)
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
        select(Action.id, Person.id)
        .join(TableRole, and_(TableRole.table_id == Action.table_id, _is_live_role(role, now)))
        .join(Person, and_(Person.id == TableRole.person_id, *more))
    )


def _is_live_role(role: TableRoleName, now: datetime) -> ColumnElement[bool]:
    return and_(TableRole.role == role, c.is_live(TableRole.from_at, TableRole.until_at, now))


def _is_of_organisation() -> ColumnElement[bool]:
    return Person.organisation_id == Action.organisation_id


def _reached(
    statement: Select[*tuple[Any, ...]], ids: Ids, now: datetime
) -> Select[*tuple[Any, ...]]:
    return statement.where(
        Action.id.in_(ids),
        Person.state == AccountState.ACTIVE,
        may_come_near(Action.case_id, now=now),
    ).order_by(Action.id, Person.id)


def _grouped(rows: Iterable[Any]) -> People:
    found: dict[uuid.UUID, dict[uuid.UUID, None]] = defaultdict(dict)
    for action_id, person_id in rows:
        found[action_id][person_id] = None
    return {action_id: tuple(people) for action_id, people in found.items()}
