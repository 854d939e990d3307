"""The page "who may see what, and why": every section of a case for one person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.oversight import why
from app.access.oversight.why import SectionWhy
from app.domain.errors import NotVisible
from app.domain.kinds import ConcernedRole
from app.infra import clock
from app.infra.db import transaction
from app.infra.wall import System, opened_for
from app.models import Case, Person


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The case, whom one may ask about, and the answer for the chosen person.

    ``about``: the role of the person concerned per section, for staff of the table.
    """

    case_id: uuid.UUID
    reference: str
    people: tuple[tuple[uuid.UUID, str], ...]
    chosen: str
    sections: tuple[SectionWhy, ...]
    about: Mapping[uuid.UUID, ConcernedRole]


def why_page(actor: Actor, case_id: uuid.UUID, asked: str) -> WhyPage:
    """For chair, coordinator and privacy officer; asking is recorded. NotVisible.

    ``asked`` is the id of the person, empty before anybody is chosen.
    """
    with transaction() as session:
        with opened_for(session, System.OVERSIGHT):
            case = why.load_explained(session, actor, case_id)
            people = why.people_near(session, case)
            found = _explained(session, actor, case, _chosen(people, asked))
        about = why.whom_about(session, actor, case)
        return WhyPage(case.id, case.reference, tuple(people), asked, tuple(found), about)


def _chosen(people: Iterable[tuple[uuid.UUID, str]], asked: str) -> uuid.UUID | None:
    chosen = next((one for one, _name in people if str(one) == asked), None)
    if asked and chosen is None:
        raise NotVisible
    return chosen


def _explained(
    session: Session, actor: Actor, case: Case, chosen: uuid.UUID | None
) -> list[SectionWhy]:
    if chosen is None:
        return []
    person = session.get_one(Person, chosen)
    found = why.explain(session, person, case, now=clock.now())
    audit.record(session, actor, why.asked(case, chosen))
    return found if case.table_id in actor.staff_table_ids else why.without_hidden(found)
