"""Which texts an access request may open.

Only what is about the person who asks, or about nobody in particular, is ever among them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.access import audit, disclosure
from app.access import conditions as c
from app.access.actor import Actor
from app.access.records import item_questions
from app.domain.kinds import Ground, PartKind, Regime, SourceOpinion
from app.infra import clock, wall
from app.infra.crypto import Sealed
from app.infra.wall import System
from app.models import (
    AccessRequest,
    Action,
    Case,
    Decision,
    Section,
    SectionType,
)

AGREED: Final = (SourceOpinion.YES, SourceOpinion.PART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One text a request may open: what it is, whose it is, and the text still sealed."""

    kind: PartKind
    object_id: uuid.UUID
    label_nl: str
    label_en: str
    source_id: uuid.UUID | None
    source: str
    at: datetime
    about_requested: bool
    regime: Regime
    text: Sealed
    asks_source: bool = False
    is_source_hidden: bool = False


def items_of(session: Session, actor: Actor, request: AccessRequest, case: Case) -> list[Item]:
    """Texts about the person or about nobody in particular, as this actor may read them.

    Sections come from what the actor sees (staff all of them, a reviewer what the task names); each
    reading is recorded. What is about another person is never among them. Identity has no part:
    it goes into the answer as a whole.
    """
    now = clock.now()
    asking = set(
        session.scalars(
            select(Section.id).where(Section.case_id == case.id, Section.asks_from.is_not(None))
        )
    )
    sections = disclosure.read_sections(session, actor, [case.id], now=now)
    found = [
        Item(
            kind=PartKind.SECTION, object_id=one.section_id, label_nl=one.label_nl,
            label_en=one.label_en, source_id=one.source_organisation_id, source=one.source,
            at=one.updated_at, text=one.text,
            about_requested=one.person_concerned_id == request.person_concerned_id,
            regime=one.regime, asks_source=one.section_id in asking,
            is_source_hidden=one.is_source_hidden,
        )
        for one in sections
        if one.person_concerned_id in (None, request.person_concerned_id) and one.text.ciphertext
    ]  # fmt: skip
    if case.table_id in actor.staff_table_ids:
        records = [*_questions(session, case), *_records(session, case)]
    else:
        with wall.opened_for(session, System.ACCESS_REVIEW):
            records = [*_questions(session, case), *_records(session, case)]
    audit.record_all(session, actor, [_reading(actor, case, one) for one in records])
    return found + records


def _questions(session: Session, case: Case) -> list[Item]:
    """What is asked of the table, and what was asked at items that are finished."""
    asked = [(case.id, case.created_at, disclosure.sealed_question(case))]
    asked += [
        (one.item_id, one.at, disclosure.sealed_question(case, one))
        for one in item_questions.asked_before(session, case)
    ]
    return [
        Item(
            kind=PartKind.QUESTION, object_id=key, label_nl="Vraag aan het overleg",
            label_en="Question to the table", source_id=None, source="", at=at,
            about_requested=False, regime=Regime.AVG, text=text,
        )
        for key, at, text in asked
        if text.ciphertext
    ]  # fmt: skip


def _records(session: Session, case: Case) -> list[Item]:
    decisions = session.scalars(
        select(Decision)
        .where(Decision.case_id == case.id, Decision.deleted_at.is_(None))
        .order_by(Decision.recorded_at)
    )
    actions = session.scalars(
        select(Action).where(Action.case_id == case.id).order_by(Action.recorded_at)
    )
    common: dict[str, Any] = {
        "source_id": None, "source": "", "about_requested": False, "regime": Regime.AVG
    }  # fmt: skip
    found = [
        Item(
            kind=PartKind.DECISION, object_id=one.id, label_nl="Afspraak", label_en="Agreement",
            at=one.recorded_at, text=Sealed(one.text_ct, f"decision:{one.id}:text"), **common,
        )
        for one in decisions
    ]  # fmt: skip
    for one in actions:
        column, held = ("full", one.full_ct) if one.full_ct else ("safe", one.safe_ct)
        text = Sealed(held, f"action:{one.id}:{column}")
        found.append(
            Item(
                kind=PartKind.ACTION, object_id=one.id, label_nl="Actie", label_en="Action",
                at=one.recorded_at, text=text, **common,
            )
        )  # fmt: skip
    return found


def _reading(actor: Actor, case: Case, one: Item) -> audit.Entry:
    ground = Ground.STAFF if case.table_id in actor.staff_table_ids else Ground.TASK
    return audit.Entry(
        event=audit.Event.READ, object_kind=one.kind.value, object_id=one.object_id,
        case_id=case.id, table_id=case.table_id, ground=ground,
    )  # fmt: skip


def sources_of(session: Session, request: AccessRequest, case: Case) -> Sequence[uuid.UUID]:
    """The organisations whose texts it may open; a hidden one is asked about identity too."""
    return session.scalars(
        select(Section.source_organisation_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            Section.case_id == case.id,
            Section.text_ct.is_not(None),
            or_(
                SectionType.is_identity.is_(False),
                c.is_hidden_at(Section.case_id, Section.source_organisation_id),
            ),
            or_(
                Section.person_concerned_id.is_(None),
                Section.person_concerned_id == request.person_concerned_id,
            ),
        )
        .distinct()
    ).all()


def may_give(item: Item, views: Sequence[Any]) -> bool:
    """Only what its source agreed to give, in part at least: by law, or where it asks to be asked.

    Else the answer would hold what its reviewer, a reader like any other, may not read. So too
    where only staff may know of the source: a shelter's text may tell where somebody is.
    """
    if item.regime is Regime.AVG and not item.asks_source and not item.is_source_hidden:
        return True
    return _agreed(item.source_id, views)


def _agreed(source_id: uuid.UUID | None, views: Sequence[Any]) -> bool:
    return any(
        row.SourceView.organisation_id == source_id and row.SourceView.opinion in AGREED
        for row in views
    )


def identity_of(
    session: Session, actor: Actor, request: AccessRequest, case: Case, *, views: Sequence[Any]
) -> list[tuple[uuid.UUID, Sealed]]:
    """What identifies the person the answer is about; opening it is recorded as such."""
    opened = disclosure.read_sections(session, actor, [case.id], now=clock.now(), identity=True)
    return [
        (one.section_id, one.text)
        for one in opened
        if one.person_concerned_id == request.person_concerned_id
        and (not one.is_source_hidden or _agreed(one.source_organisation_id, views))
    ]
