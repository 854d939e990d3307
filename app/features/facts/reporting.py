"""Reporting a new fact, and the own reports: what was said, when it was read, what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.access import Actor, audit
from app.access.case_life import between_meetings, fact_notices, new_facts
from app.access.case_life.new_facts import By, Desk, Place
from app.domain.errors import Reason, Refusal
from app.domain.kinds import Ground
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import CaseTable, NewFact

MOST_TEXT = 2000
MOST_SOURCE = 200
MOST_SHOWN = 30
_GROUND = {By.SEAT: Ground.SEAT, By.TASK: Ground.TASK, By.ACTION: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What somebody reports; an empty source is the own observation."""

    what: str
    happened_at: datetime
    source: str
    is_danger: bool


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Something the reader may report from, in the words its own page has."""

    by: By
    id: uuid.UUID
    table: str
    at: datetime | None
    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Whom to call first, and about which own seat, action or task this is."""

    place: PlaceLine
    desks: tuple[Desk, ...]


def report_page(actor: Actor, by: By, place_id: uuid.UUID) -> ReportPage:
    """The form; NotVisible where there is nothing of the actor's own."""
    with reading() as session:
        place = new_facts.load_place(session, actor, by, place_id)
        desks = new_facts.desks_of(session, place.table_id)
    return ReportPage(_line(place, crypto.unseal(place.text)), desks)


def report(actor: Actor, by: By, place_id: uuid.UUID, new: NewReport) -> None:
    """Tell staff what happened; at once by mail where there is danger. SAID_IN_FUTURE."""
    if new.happened_at > clock.now():
        raise Refusal(Reason.SAID_IN_FUTURE, "day")
    with transaction() as session:
        place = new_facts.load_place(session, actor, by, place_id)
        fact_id = uuid.uuid4()
        fact = NewFact(
            id=fact_id,
            case_id=place.case_id,
            table_id=place.table_id,
            reported_by_id=actor.person_id,
            organisation_id=actor.organisation_id,
            what_ct=new_facts.seal(place.case_id, fact_id, "what", new.what),
            source_ct=new_facts.seal(place.case_id, fact_id, "source", new.source),
            is_danger=new.is_danger,
            happened_at=new.happened_at,
            reported_at=clock.now(),
        )
        session.add(fact)
        if new.is_danger:
            fact_notices.queue_danger(session, fact)
        audit.record(
            session, actor, new_facts.entry(fact, audit.Event.ADD, ground=_GROUND[place.by])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFact:
    """A report of the reader's own, with the answer once there is one."""

    table: str
    what: str
    source: str
    is_danger: bool
    happened_at: datetime
    reported_at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The own reports, latest first, and where one may report from."""

    facts: tuple[OwnFact, ...]
    places: tuple[tuple[PlaceLine, ...], ...]


def own_page(actor: Actor) -> OwnPage:
    """Five statements and one on the key store; what is read again is recorded."""
    with transaction() as session:
        rows = session.execute(
            between_meetings.own_facts(actor, now=clock.now())
            .join(CaseTable, CaseTable.id == NewFact.table_id)
            .add_columns(CaseTable.name.label("table"))
            .order_by(NewFact.reported_at.desc(), NewFact.id)
            .limit(MOST_SHOWN)
        ).all()
        read = new_facts.first_read(session, [row.NewFact for row in rows])
        places = new_facts.places(session, actor)
        audit.record_all(
            session, actor, [new_facts.entry(row.NewFact, audit.Event.READ) for row in rows]
        )
    sealed = [one for row in rows for one in new_facts.sealed(row.NewFact)]
    texts = crypto.unseal_left([*sealed, *(one.text for one in places)])
    facts = tuple(
        _own(row.NewFact, row.table, read.get(row.NewFact.id), texts[3 * number : 3 * number + 3])
        for number, row in enumerate(rows)
    )
    words = texts[len(sealed) :]
    lines = [_line(one, text) for one, text in zip(places, words, strict=True)]
    return OwnPage(facts, _by_case(lines))


def _by_case(lines: Sequence[PlaceLine]) -> tuple[tuple[PlaceLine, ...], ...]:
    """Together what shows the same reference; what shows none stays alone, or it would tell it."""
    cases: dict[object, list[PlaceLine]] = {}
    for one in lines:
        cases.setdefault((one.table, one.reference) if one.reference else one.id, []).append(one)
    return tuple(tuple(each) for each in cases.values())


def _own(fact: NewFact, table: str, read_at: datetime | None, texts: list[str]) -> OwnFact:
    what, source, answer = texts
    return OwnFact(
        table=table,
        what=what,
        source=source,
        is_danger=fact.is_danger,
        happened_at=fact.happened_at,
        reported_at=fact.reported_at,
        read_at=read_at,
        answered_at=fact.answered_at,
        answer=answer,
    )


def _line(place: Place, text: str) -> PlaceLine:
    return PlaceLine(place.by, place.id, place.table, place.at, place.reference, text)
