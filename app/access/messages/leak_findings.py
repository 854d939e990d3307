"""Remembers in which part of which mail something of a case stood, and tells whom it concerns.

Only staff who may see the case hear of it; nobody is shown what was found.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.access import conditions as c
from app.access.actor import Actor
from app.infra import clock, crypto, outbox
from app.infra.db import transaction
from app.infra.letters import About
from app.models import Case, CaseTable, LeakFinding, Meeting, Series

# The codes a stopped message is known by start with this.
STOPPED: Final = "leak-"
# A series reaches a year ahead.
KEPT: Final = timedelta(days=400)


class LeftOut(StrEnum):
    """What a calendar mail can do without: its mail goes all the same."""

    PLACE = "place"
    TITLE = "title"


_LEFT_OUT: Final = {
    f"{STOPPED}place": LeftOut.PLACE,
    f"{STOPPED}calendar-LOCATION": LeftOut.PLACE,
    f"{STOPPED}calendar-SUMMARY": LeftOut.TITLE,
}


def left_out_by(code: str) -> LeftOut | None:
    """What to leave out of a mail stopped with this code; None when nothing helps."""
    return _LEFT_OUT.get(code)


def note(about: About, code: str, text: str, case_ids: Iterable[uuid.UUID]) -> None:
    """Write down that ``text`` says something of these cases, once per message and part."""
    message_id = outbox.under_way()
    with transaction() as session:
        known = set(
            session.scalars(
                select(LeakFinding.case_id).where(
                    LeakFinding.outbox_id == message_id,
                    LeakFinding.place == code,
                    LeakFinding.text_hash == _hash(text),
                )
            )
        )
        session.add_all(
            LeakFinding(
                at=clock.now(),
                case_id=case_id,
                meeting_id=about.meeting_id,
                series_id=about.series_id,
                outbox_id=message_id,
                place=code,
                text_hash=_hash(text),
            )
            for case_id in sorted(set(case_ids) - known)
        )


def left_out_at(session: Session, actor: Actor, meeting: Meeting) -> frozenset[LeftOut]:
    """What is left out of the calendar mails of a loaded meeting, as it stands now.

    What names a case the actor may not see is not told of.
    """
    about = LeakFinding.meeting_id == meeting.id
    if meeting.series_id is not None:
        about = or_(about, LeakFinding.series_id == meeting.series_id)
    return _left_out(session, actor, about, [meeting.place])


def left_out_of(
    session: Session, actor: Actor, series: Series, places: Iterable[str]
) -> frozenset[LeftOut]:
    """The same for a loaded series; ``places`` are those of its meetings."""
    about = LeakFinding.series_id == series.id
    return _left_out(session, actor, about, [series.place, *places])


def _left_out(
    session: Session, actor: Actor, about: c.Condition, places: Iterable[str]
) -> frozenset[LeftOut]:
    rows = session.execute(
        select(LeakFinding.place, LeakFinding.text_hash, CaseTable.calendar_words)
        .join(Case, Case.id == LeakFinding.case_id)
        .join(CaseTable, CaseTable.id == Case.table_id)
        .where(
            about,
            LeakFinding.place.in_(_LEFT_OUT),
            c.is_staff_table(actor, Case.table_id),
            c.is_not_barred(actor, clock.now()),
        )
        .distinct()
    )
    standing = {_hash(place) for place in places if place}
    return frozenset(
        _LEFT_OUT[row.place]
        for row in rows
        if row.text_hash in standing or row.text_hash == _hash(row.calendar_words or "")
    )


def forget_past(session: Session) -> None:
    """Delete what is so old that its meeting is over."""
    session.execute(delete(LeakFinding).where(LeakFinding.at < clock.now() - KEPT))


def _hash(text: str) -> bytes:
    """Of a calendar property only the value counts."""
    return crypto.store().fingerprint(f"leak:{text.removeprefix(':')}")
