"""What the pages about emergency readings show; every read of content is recorded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.access import Actor, audit, disclosure
from app.access.oversight import emergency, emergency_review
from app.access.oversight.emergency import Concerned
from app.domain.kinds import ConcernedRole, Ground, Regime
from app.domain.paging import Paging, page_of
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.infra.wall import System, opened_for
from app.models import BreakGlass, Person

PAGE_SIZE = 20
OWN_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReading:
    """One reading of the actor itself."""

    reading_id: uuid.UUID
    reference: str
    from_at: datetime
    until_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionText:
    """One section, read-only; ``about`` is the person concerned, empty where it is about none."""

    label_nl: str
    label_en: str
    source: str
    regime: Regime
    no_passing_on: bool
    updated_at: datetime
    about: ConcernedRole | None
    about_label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPage:
    """The case as it stands open for a quarter of an hour."""

    reading_id: uuid.UUID
    reference: str
    until_at: datetime
    sections: tuple[SectionText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedLine:
    """One reading in the list of who oversees it."""

    reading_id: uuid.UUID
    reference: str
    table: str
    reader: str
    organisation: str
    from_at: datetime
    until_at: datetime
    reviewed_at: datetime | None
    justified: bool | None
    to_review: bool


@dataclass(frozen=True, slots=True)
class FollowedPage:
    """One page of that list, newest first."""

    lines: tuple[FollowedLine, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One reading with its reason and, once there, its review."""

    line: FollowedLine
    reason: str
    review: str
    reviewer: str


def own_readings(actor: Actor) -> tuple[OwnReading, ...]:
    """The last readings of the actor, newest first."""
    now = clock.now()
    statement = emergency.own_readings(actor, now=now).order_by(BreakGlass.from_at.desc())
    with reading() as session, opened_for(session, System.OVERSIGHT):
        rows = session.execute(statement.limit(OWN_SHOWN)).all()
    return tuple(
        OwnReading(
            reading_id=row.BreakGlass.id,
            reference=row.Case.reference,
            from_at=row.BreakGlass.from_at,
            until_at=row.BreakGlass.ended_at or row.BreakGlass.until_at,
            is_open=(row.BreakGlass.ended_at or row.BreakGlass.until_at) > now,
        )
        for row in rows
    )


def read_case(actor: Actor, reading_id: uuid.UUID, *, names: bool) -> ReadingPage:
    """All sections of the opened case; identity with ``names`` only. NotVisible once it is over."""
    now = clock.now()
    with transaction() as session:
        opened, case = emergency.load_open(session, actor, reading_id)
        found = disclosure.read_sections(session, actor, [case.id], now=now)
        if names:
            found = [
                *disclosure.read_sections(session, actor, [case.id], now=now, identity=True),
                *found,
            ]
        concerned = emergency.concerned_of(session, opened)
    texts = crypto.unseal_many(
        [*(one.text for one in found), *(one.label for one in concerned.values())]
    )
    label_of = dict(zip(concerned, texts[len(found) :], strict=True))
    return ReadingPage(
        reading_id=reading_id,
        reference=case.reference,
        until_at=opened.until_at,
        sections=tuple(
            _section(one, text, concerned, label_of)
            for one, text in zip(found, texts, strict=False)
        ),
    )


def _section(
    one: disclosure.OpenSection,
    text: str,
    concerned: dict[uuid.UUID, Concerned],
    label_of: dict[uuid.UUID, str],
) -> SectionText:
    about_id = one.person_concerned_id
    about = concerned.get(about_id) if about_id else None
    return SectionText(
        label_nl=one.label_nl,
        label_en=one.label_en,
        source=one.source,
        regime=one.regime,
        no_passing_on=one.no_passing_on,
        updated_at=one.updated_at,
        about=about.role if about else None,
        about_label=label_of.get(about_id, "") if about_id else "",
        text=text,
    )


def followed_page(actor: Actor, asked_page: str | None) -> FollowedPage:
    """Readings at the tables overseen, newest first."""
    now = clock.now()
    with reading() as session, opened_for(session, System.OVERSIGHT):
        found, rows = _followed(session, actor, now, asked_page)
    return FollowedPage(tuple(_line(row) for row in rows), found)


def _followed(
    session: Session, actor: Actor, now: datetime, asked_page: str | None
) -> tuple[Paging, Sequence[Any]]:
    statement = emergency_review.followed(actor, now=now)
    number = session.scalar(statement.with_only_columns(func.count(BreakGlass.id))) or 0
    paging = page_of(number, asked_page, size=PAGE_SIZE)
    rows = session.execute(
        statement.add_columns(emergency_review.may_review(actor).label("to_review"))
        .order_by(BreakGlass.from_at.desc(), BreakGlass.id)
        .offset(paging.offset)
        .limit(PAGE_SIZE)
    ).all()
    return paging, rows


def _line(row: Any) -> FollowedLine:  # noqa: ANN401 - a joined row
    opened = row.BreakGlass
    return FollowedLine(
        reading_id=opened.id,
        reference=row.Case.reference,
        table=row.CaseTable.name,
        reader=row.Person.name,
        organisation=row.Organisation.name,
        from_at=opened.from_at,
        until_at=opened.ended_at or opened.until_at,
        reviewed_at=opened.reviewed_at,
        justified=opened.justified,
        to_review=bool(row.to_review),
    )


def review_page(actor: Actor, reading_id: uuid.UUID) -> ReviewPage:
    """One reading with why; reading that is recorded. NotVisible."""
    with transaction() as session:
        row = emergency_review.load_followed(session, actor, reading_id)
        opened = row.BreakGlass
        reviewer = session.get(Person, opened.reviewed_by_id) if opened.reviewed_by_id else None
        by = Ground.STAFF if opened.table_id in actor.staff_table_ids else None
        audit.record(session, actor, emergency_review.reading_of(opened, by))
        sealed = emergency_review.sealed_texts(session, opened)
    reason, review = crypto.unseal_many(sealed)
    return ReviewPage(_line(row), reason, review, reviewer.name if reviewer else "")
