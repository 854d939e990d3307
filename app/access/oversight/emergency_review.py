"""Watching over emergency readings: who finds them, and the word of the other person.

Staff of the table and the privacy officer find each one; the representatives of a source find that
its text may have been read, never why. Nobody reviews the own reading.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.lifecycle.requests_waiting import answers_to_review
from app.access.messages.unseen import number_unseen
from app.access.oversight.emergency import binding_of, line_of, sealed_for
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.infra import clock
from app.infra.crypto import Sealed
from app.infra.wall import System, opened_for
from app.models import (
    BreakGlass,
    Case,
    CaseTable,
    EmergencyReason,
    EmergencyReview,
    Meeting,
    Organisation,
    Person,
    Section,
)

# How long the source organisation finds it on its start page.
TOLD_FOR: Final = timedelta(days=14)


def followed(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """``BreakGlass``, ``Case``, ``CaseTable``, ``Person``, ``Organisation`` at the tables served.

    A privacy officer sees those of all tables; nobody one of a case that bars the reader.
    """
    checks.note()
    return (
        select(BreakGlass, Case, CaseTable, Person, Organisation)
        .join(Case, Case.id == BreakGlass.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Person, Person.id == BreakGlass.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(_is_followed(actor), c.is_not_barred(actor, now))
    )


def _is_followed(actor: Actor) -> c.Condition:
    if actor.is_privacy_officer:
        return c.always()
    return Case.table_id.in_(actor.staff_table_ids)


def may_review(actor: Actor) -> c.Condition:
    """``BreakGlass`` waits for a chair of the table or a privacy officer who did not open it."""
    reviews = c.always() if actor.is_privacy_officer else Case.table_id.in_(actor.chair_table_ids)
    return and_(reviews, BreakGlass.reviewed_at.is_(None), BreakGlass.person_id != actor.person_id)


def load_followed(session: Session, actor: Actor, reading_id: uuid.UUID) -> Any:  # noqa: ANN401 - a row
    """One reading with whether the actor may review it (``to_review``). NotVisible."""
    wanted = (
        followed(actor, now=clock.now())
        .add_columns(may_review(actor).label("to_review"))
        .where(BreakGlass.id == reading_id)
        .with_for_update(of=BreakGlass)
    )
    with opened_for(session, System.OVERSIGHT):
        row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotVisible
    return row


def review(
    session: Session, actor: Actor, reading_id: uuid.UUID, *, justified: bool, text: str
) -> None:
    """Say as the other person whether it was justified. NotVisible for whoever may not."""
    row = load_followed(session, actor, reading_id)
    if not row.to_review:
        raise NotVisible
    opened: BreakGlass = row.BreakGlass
    sealed = sealed_for(opened.case_id, text, binding_of(opened.id, "review"))
    session.add(EmergencyReview(reading_id=opened.id, text_ct=sealed))
    session.flush()
    opened.reviewed_by_id, opened.reviewed_at = actor.person_id, clock.now()
    opened.justified = justified
    outcome = "justified" if justified else "unjustified"
    audit.record(session, actor, line_of(audit.Event.CHANGE, opened, outcome=outcome))


def sealed_texts(session: Session, opened: BreakGlass) -> tuple[Sealed, Sealed]:
    """Why a loaded reading was opened, in the words of who did, and of its reviewer; or empty."""
    reason = session.get(EmergencyReason, opened.id)
    review = session.get(EmergencyReview, opened.id)
    return (
        Sealed(reason.text_ct if reason else None, binding_of(opened.id, "reason")),
        Sealed(review.text_ct if review else None, binding_of(opened.id, "review")),
    )


def reading_of(opened: BreakGlass, ground: Ground | None = None) -> audit.Entry:
    """The line for having read why a case was opened in an emergency."""
    return line_of(audit.Event.READ, opened, ground=ground)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the start page says: readings to review, and readings of the own organisation's text.

    For a privacy officer also the ``answers`` to access requests that wait for a review, and the
    messages ``stopped`` of which no staff may know.
    """

    to_review: int = 0
    of_own: int = 0
    answers: int = 0
    stopped: int = 0


def standing(session: Session, actor: Actor, *, now: datetime) -> Standing:
    """All numbers in one statement, and none for who has no part in any."""
    reviews = actor.is_privacy_officer or actor.chair_table_ids
    if not reviews and not actor.representative_table_ids:
        return Standing()
    waiting = followed(actor, now=now).with_only_columns(func.count(BreakGlass.id))
    of_own = of_own_sections(actor, now=now).where(BreakGlass.from_at > now - TOLD_FOR)
    answers = answers_to_review(actor) if actor.is_privacy_officer else literal(0)
    stopped = number_unseen(now=now) if actor.is_privacy_officer else literal(0)
    numbers = select(
        waiting.where(may_review(actor)).scalar_subquery().label("to_review"),
        of_own.with_only_columns(func.count(BreakGlass.id)).scalar_subquery().label("of_own"),
        answers.label("answers"),
        stopped.label("stopped"),
    )
    with opened_for(session, System.OVERSIGHT):
        row = session.execute(numbers).one()
    return Standing(row.to_review if reviews else 0, row.of_own, row.answers, row.stopped)


def of_own_sections(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Readings by others of cases in which text of the actor's organisation stands.

    For its named representatives; the columns are those of ``followed``.
    """
    checks.note()
    own = exists().where(
        Section.case_id == Case.id,
        Section.text_ct.is_not(None),
        Section.source_organisation_id == actor.organisation_id,
    )
    return (
        select(BreakGlass, Case, CaseTable, Person, Organisation)
        .join(Case, Case.id == BreakGlass.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .join(Person, Person.id == BreakGlass.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Case.table_id.in_(actor.representative_table_ids),
            BreakGlass.person_id != actor.person_id,
            own.correlate(Case),
            c.is_not_barred(actor, now),
        )
    )


@dataclass(frozen=True, slots=True)
class ToDiscuss:
    """A reading the staff of the table discuss at this meeting; nothing for partners."""

    reading_id: uuid.UUID
    reference: str
    from_at: datetime


def review_items(
    session: Session, actor: Actor, meeting: Meeting, *, now: datetime
) -> tuple[ToDiscuss, ...]:
    """What the staff of a loaded meeting's table discuss there.

    Readings not reviewed yet, and those since the last meeting; only on the next meeting's agenda.
    """
    other = aliased(Meeting)
    at_table = and_(other.table_id == meeting.table_id, other.cancelled_at.is_(None))
    earlier = exists().where(
        at_table,
        other.closed_at.is_(None),
        other.ends_at > now,
        other.starts_at < meeting.starts_at,
    )
    last_closed = select(func.max(other.closed_at)).where(at_table).scalar_subquery()
    if meeting.closed_at is not None or meeting.cancelled_at is not None:
        return ()
    statement = followed(actor, now=now).where(
        Case.table_id == meeting.table_id,
        Case.table_id.in_(actor.staff_table_ids),
        ~earlier,
        or_(
            BreakGlass.reviewed_at.is_(None),
            last_closed.is_(None),
            BreakGlass.from_at >= last_closed,
        ),
    )
    return tuple(
        ToDiscuss(row.BreakGlass.id, row.Case.reference, row.BreakGlass.from_at)
        for row in session.execute(statement.order_by(BreakGlass.from_at))
    )
