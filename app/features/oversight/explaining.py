"""The page "who may see what, and why": every section of a case for one person."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.access import Actor, audit
from app.access.oversight import why
from app.access.oversight.why import SectionWhy
from app.domain.errors import NotVisible
from app.infra import clock
from app.infra.db import transaction
from app.infra.wall import System, opened_for
from app.models import Person


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The case, whom one may ask about, and the answer for the chosen person."""

    case_id: uuid.UUID
    reference: str
    people: tuple[tuple[uuid.UUID, str], ...]
    chosen: str
    sections: tuple[SectionWhy, ...]


def why_page(actor: Actor, case_id: uuid.UUID, asked: str) -> WhyPage:
    """For chair, coordinator and privacy officer; asking is recorded. NotVisible.

    ``asked`` is the id of the person, empty before anybody is chosen.
    """
    with transaction() as session, opened_for(session, System.OVERSIGHT):
        case = why.load_explained(session, actor, case_id)
        people = why.people_near(session, case)
        chosen = next((one for one, _name in people if str(one) == asked), None)
        if asked and chosen is None:
            raise NotVisible
        found: list[SectionWhy] = []
        if chosen is not None:
            person = session.get_one(Person, chosen)
            found = why.explain(session, person, case, now=clock.now())
            if case.table_id not in actor.staff_table_ids:
                found = why.without_hidden(found)
            audit.record(session, actor, why.asked(case, chosen))
        return WhyPage(case.id, case.reference, tuple(people), asked, tuple(found))
