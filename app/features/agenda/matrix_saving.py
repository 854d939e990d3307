"""Brings the seats at an item to the ticks of a matrix, in one act; never more than was ticked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, LoadedItem, Permission, audit
from app.access.seats.naming import hold_item, refuse_when_over
from app.domain.errors import Reason, Refusal, StaleEdit
from app.features.agenda.matrix import MatrixFacts, read_facts
from app.features.agenda.matrix_pages import Pair, Proposal, mark_of
from app.features.agenda.reasons import Reasoning, chosen
from app.infra import clock
from app.infra.db import transaction
from app.models import Disclosure, StandardDisclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPlan:
    """What should be shown to whom: the ticks, what was seen, and why the rest is necessary."""

    standing: str
    ticked: frozenset[Pair]
    proposal: Proposal
    deviation: Reasoning


def save_matrix(actor: Actor, item_id: uuid.UUID, plan: MatrixPlan) -> int:
    """Give what is ticked and withdraw what is not, at once; gives how many decisions that is.

    A standard keeps its own texts, what stood last time those of then; everything else takes the
    chosen texts. Raises StaleEdit when what was seen no longer stands.
    """
    with transaction() as session:
        loaded = access.load_item(session, actor, item_id, Permission.DISCLOSURE_DECIDE)
        hold_item(session, loaded.item)
        refuse_when_over(loaded.meeting)
        facts = read_facts(
            session, actor, loaded.meeting.id, proposal=plan.proposal, now=clock.now()
        )
        row = next(row for row in facts.items if row.AgendaItem.id == item_id)
        live = facts.live(row)
        if mark_of(live) != plan.standing:
            raise StaleEdit("", 0)
        gone, fresh = live - plan.ticked, plan.ticked - live
        for pair in gone:
            facts.given[pair][-1].withdrawn_at = clock.now()
        reasons = {pair: _why(facts, row, pair, plan) for pair in fresh}
        session.add_all(_disclosure(actor, pair, why) for pair, why in reasons.items())
        _record(session, actor, loaded, gone | fresh)
        return len(gone | fresh)


Why = Reasoning | StandardDisclosure | Disclosure


def _why(facts: MatrixFacts, row: object, pair: Pair, plan: MatrixPlan) -> Why:
    known = facts.known(row)
    if pair not in known:
        raise Refusal(Reason.VALUE_UNKNOWN, "pairs")
    standard = facts.standard(*known[pair])
    own = facts.previous.get(pair)
    return standard or own or chosen(plan.deviation, facts.standards.values())


def _disclosure(actor: Actor, pair: Pair, why: Why) -> Disclosure:
    return Disclosure(
        seat_id=pair[0],
        section_id=pair[1],
        ground=why.ground,
        purpose=why.purpose,
        necessity=why.necessity,
        is_standard=isinstance(why, StandardDisclosure),
        decided_by_id=actor.person_id,
        decided_at=clock.now(),
    )


def _record(session: Session, actor: Actor, loaded: LoadedItem, pairs: set[Pair]) -> None:
    """A line per decision, as for a single seat."""
    lines = [
        audit.Entry(
            event=audit.Event.AUTHORISE,
            object_kind="disclosure",
            object_id=seat_id,
            section_id=section_id,
            table_id=loaded.meeting.table_id,
            meeting_id=loaded.meeting.id,
            item_id=loaded.item.id,
            case_id=loaded.case.id if loaded.case else None,
        )
        for seat_id, section_id in sorted(pairs, key=str)
    ]
    audit.record_all(session, actor, lines)
