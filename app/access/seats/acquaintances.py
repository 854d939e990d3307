"""Before the first content of a case opens: whose identity a person sees, and the answer to it.

"I know nobody of them privately" is a person's word about one case, kept per identity that was
shown; an identity that is disclosed later asks again, and so does one that reads differently since.
Nothing else of the case opens here.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.access import audit, checks, scopes
from app.access import conditions as c
from app.access.actor import Actor
from app.access.disclosure import sealed_text
from app.access.loaders import OwnRequest, OwnSeat
from app.access.permissions import Permission, audience_of
from app.access.walks import from_holds
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.infra import clock
from app.infra.crypto import Sealed
from app.models import (
    Case,
    Declaration,
    Disclosure,
    Meeting,
    Seat,
    Section,
    SectionType,
    identity_place,
)


class Stage(StrEnum):
    """How far a person has come before a task or an item opens."""

    CONFIDENTIALITY = "confidentiality"
    ACQUAINTANCE = "acquaintance"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ShownIdentity:
    """The identity of one person concerned as it stands, still sealed."""

    section_id: uuid.UUID
    words: int
    text: Sealed

    @property
    def mark(self) -> str:
        """What the page sends back, to say which words were looked at."""
        return f"{self.section_id}.{self.words}"


def shown_of(section: Section) -> ShownIdentity:
    """An identity that is about to be shown."""
    return ShownIdentity(section.id, section.words_version, sealed_text(section))


def load_asking_seat(
    session: Session, actor: Actor, seat_id: uuid.UUID, permission: Permission
) -> OwnSeat:
    """An own seat that would be open but for the answer; NotVisible otherwise."""
    checks.note()
    if not actor.belongs_to(audience_of(permission)):
        raise NotVisible
    now = clock.now()
    row = session.execute(
        scopes.own_slots(actor, now=now)
        .add_columns(Case.id.label("case_id"))
        .where(Seat.id == seat_id, c.is_ready_seat(actor, now), ~c.knows_nobody(actor, now))
    ).one_or_none()
    if row is None:
        raise NotVisible
    return OwnSeat(row.Seat, row.SeatHold, row.AgendaItem, row.Meeting, row.case_id)


def load_meeting_to_accept(session: Session, actor: Actor, meeting_id: uuid.UUID) -> Meeting:
    """A meeting whose confidentiality the actor may accept: invited, or asked for input there."""
    now = clock.now()
    slots = scopes.own_slots(actor, now=now).with_only_columns(Meeting)
    requests = (
        scopes.own_requests(actor, now=now)
        .where(scopes.is_open_request(now))
        .with_only_columns(Meeting)
    )
    for statement in (slots, requests):
        found = session.scalars(statement.where(Meeting.id == meeting_id).limit(1)).one_or_none()
        if found is not None:
            return found
    raise NotVisible


def stage_of(session: Session, actor: Actor, own: OwnRequest, *, now: datetime) -> Stage:
    """How far the holder of a loaded request has come; the question opens at the end of it."""
    shown = _opened_by_request(own).where(~c.is_declared(actor, Section.id, Section.words_version))
    row = session.execute(
        from_holds(c.has_accepted(actor).label("accepted"), exists(shown).label("asks")).where(
            Seat.id == own.request.seat_id, c.holds_seat(actor, now)
        )
    ).one()
    if not row.accepted:
        return Stage.CONFIDENTIALITY
    return Stage.ACQUAINTANCE if row.asks else Stage.OPEN


def identities_of_request(session: Session, own: OwnRequest) -> list[ShownIdentity]:
    """The identities a loaded request opens to its seat; the caller records that they were."""
    rows = session.scalars(_in_order(_opened_by_request(own)))
    return [shown_of(one) for one in rows]


def identities_of_seat(session: Session, own: OwnSeat) -> list[ShownIdentity]:
    """The identities disclosed to a loaded seat; the caller records that they were opened."""
    disclosed = (
        _identities(own.case_id)
        .join(Disclosure, Disclosure.section_id == Section.id)
        .join(Seat, Seat.id == Disclosure.seat_id)
        .where(Seat.id == own.seat.id, c.is_disclosed(clock.now()))
    )
    rows = session.scalars(_in_order(disclosed))
    return [shown_of(one) for one in rows]


def lines_of(
    shown: Sequence[ShownIdentity],
    *,
    table_id: uuid.UUID,
    meeting_id: uuid.UUID,
    case_id: uuid.UUID,
) -> list[audit.Entry]:
    """One line of the log per identity opened before the answer."""
    return [
        audit.Entry(
            event=audit.Event.REVEAL,
            object_kind="section",
            object_id=one.section_id,
            section_id=one.section_id,
            case_id=case_id,
            table_id=table_id,
            meeting_id=meeting_id,
            ground=Ground.SEAT,
        )
        for one in shown
    ]


def declare(
    session: Session, person_id: uuid.UUID, case_id: uuid.UUID, seen: Collection[ShownIdentity]
) -> None:
    """Keep the word of a person about these identities; what was said before stays as it is."""
    ids = {one.section_id for one in seen}
    said = session.execute(
        select(Declaration.section_id, Declaration.words_version).where(
            Declaration.person_id == person_id, Declaration.section_id.in_(ids)
        )
    ).all()
    known = {(row.section_id, row.words_version) for row in said}
    now = clock.now()
    session.add_all(
        Declaration(
            person_id=person_id,
            case_id=case_id,
            section_id=one.section_id,
            words_version=one.words,
            at=now,
        )
        for one in seen
        if (one.section_id, one.words) not in known
    )


def undeclared_at(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, now: datetime
) -> list[tuple[uuid.UUID, ShownIdentity]]:
    """Cases and identities the actor has yet to answer about at a meeting; for the preview."""
    rows = session.execute(
        from_holds(Case.id, Section)
        .join(Disclosure, Disclosure.seat_id == Seat.id)
        .join(Section, Section.id == Disclosure.section_id)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            c.holds_seat(actor, now),
            c.is_on_agenda(),
            Meeting.id == meeting_id,
            Section.case_id == Case.id,
            SectionType.is_identity.is_(True),
            c.is_disclosed(now),
            ~c.is_declared(actor, Section.id, Section.words_version),
        )
        .distinct()
    )
    return [(row[0], shown_of(row[1])) for row in rows]


def _identities(case_id: uuid.UUID) -> Select[Section]:
    return (
        select(Section)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(
            Section.case_id == case_id,
            Section.text_ct.is_not(None),
            SectionType.is_identity.is_(True),
        )
    )


def _in_order(identities: Select[Section]) -> Select[Section]:
    """As the persons concerned stand on the list of the case."""
    return identities.join(identity_place, identity_place.c.section_id == Section.id).order_by(
        identity_place.c.position, Section.position, Section.id
    )


def _opened_by_request(own: OwnRequest) -> Select[Section]:
    """The request itself opens identity to its seat.

    Where its source is asked about readers a request is not enough: it said yes to this very seat.
    """
    said_yes = exists().where(
        Disclosure.section_id == Section.id,
        Disclosure.seat_id == own.request.seat_id,
        Disclosure.withdrawn_at.is_(None),
        c.said_yes(Disclosure, clock.now()),
    )
    asked = c.is_asked(Section, own.request.asked_at)
    return _identities(own.case.id).where(or_(~asked, said_yes))
