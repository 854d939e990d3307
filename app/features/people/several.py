"""One act for several people at once: an invitation sent again, or a block.

Whom it can be done to shows first, and it is done to all who were left ticked, or to nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.access.conditions import is_live
from app.domain.errors import Reason, Refusal
from app.domain.kinds import AccountState
from app.features.people import service
from app.features.people.queries import PAGE_SIZE
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Organisation, Person, TableRole

_INVITED: Final = (AccountState.INVITED,)
_IN_USE: Final = (AccountState.INVITED, AccountState.ACTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Somebody ticked in the list; ``is_possible``: whether the act can be done now."""

    person_id: uuid.UUID
    name: str
    organisation: str
    state: AccountState
    roles: int
    is_possible: bool


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to each, and to whom it can be done: in which state, and oneself or not."""

    states: tuple[AccountState, ...]
    is_for_oneself: bool
    do: Callable[[Session, Actor, uuid.UUID], None]


def _invite_again(session: Session, actor: Actor, person_id: uuid.UUID) -> None:
    service.send_link_in(session, actor, person_id, _INVITED)


INVITE: Final = Act(_INVITED, is_for_oneself=True, do=_invite_again)
BLOCK: Final = Act(_IN_USE, is_for_oneself=False, do=service.block_in)


def chosen(actor: Actor, act: Act, ids: Collection[uuid.UUID]) -> tuple[Chosen, ...]:
    """Who was ticked, by name; as many as one page of the list holds."""
    wanted = sorted(set(ids))[:PAGE_SIZE]
    now = clock.now()
    held = (
        select(func.count(TableRole.id))
        .where(
            TableRole.person_id == Person.id, is_live(TableRole.from_at, TableRole.until_at, now)
        )
        .scalar_subquery()
    )
    with reading() as session:
        rows = session.execute(
            select(Person, Organisation.name, held)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(Person.id.in_(wanted))
            .order_by(Person.name, Person.email)
        ).all()
        return tuple(
            Chosen(
                person_id=person.id,
                name=person.name,
                organisation=organisation,
                state=person.state,
                roles=roles,
                is_possible=person.state in act.states
                and (act.is_for_oneself or person.id != actor.person_id),
            )
            for person, organisation, roles in rows
        )


def do(actor: Actor, act: Act, ids: Collection[uuid.UUID]) -> int:
    """Do it to each, in one transaction; how many they were.

    Refusal VALUE_MISSING without anybody, and what the act itself refuses of any of them.
    """
    if not ids:
        raise Refusal(Reason.VALUE_MISSING, "people")
    wanted = sorted(set(ids))
    with transaction() as session:
        for person_id in wanted:
            act.do(session, actor, person_id)
    return len(wanted)
