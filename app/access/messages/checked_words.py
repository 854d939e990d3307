"""Compares the words of calendar subscriptions with the cases they stand beside, ahead of time.

A fetch may not wait for that, and has nobody signed in who could be told. What names something of a
case is never shown; only the answer is kept, never what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.access.messages import leak_gate
from app.access.messages.feeds import Compared
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.letter_parts import Part
from app.infra.letters import About
from app.infra.mail import DeliveryFailed
from app.models import (
    CaseTable,
    CheckedWords,
    Invitation,
    Meeting,
    Series,
    SeriesEntry,
    SeriesException,
)

KIND: Final = "feed"
# Called as the check on a mail calls them: it is the same text in the same place.
TITLE: Final = "calendar-SUMMARY"
PLACE: Final = "calendar-LOCATION"
SAID_BY_ALL: Final = "Overleg"
KEPT: Final = timedelta(weeks=8)


def compare(about: Compared) -> None:
    """Compare the title and every place that entries about this have, and write down the answers.

    Raises what a text that cannot be read raises: then nothing is written, and nothing shows.
    """
    with reading() as session:
        texts = _series_texts(session, about) if about.is_series else _texts(session, about)
    whole = About(series_id=about.about_id) if about.is_series else About(meeting_id=about.about_id)
    answers = {
        text: _is_clear(whole, [Part(where, text, SAID_BY_ALL) for where in sorted(places)])
        for text, places in sorted(texts.items())
    }
    with transaction() as session:
        # Two workers may have looked at the same words; the second answer replaces the first.
        model = Series if about.is_series else Meeting
        session.execute(select(model.id).where(model.id == about.about_id).with_for_update())
        session.execute(delete(CheckedWords).where(CheckedWords.about_id == about.about_id))
        session.add_all(
            CheckedWords(
                about_id=about.about_id, text=text, is_clear=is_clear, checked_at=clock.now()
            )
            for text, is_clear in answers.items()
        )


def _is_clear(about: About, parts: Iterable[Part]) -> bool:
    try:
        leak_gate.check(KIND, about, parts)
    except DeliveryFailed:
        return False
    return True


def _texts(session: Session, about: Compared) -> dict[str, set[str]]:
    titles = select(CaseTable.calendar_words).join(Meeting, Meeting.table_id == CaseTable.id)
    places = select(Invitation.place).where(Invitation.meeting_id == about.about_id)
    return _said(session, titles.where(Meeting.id == about.about_id), places)


def _series_texts(session: Session, about: Compared) -> dict[str, set[str]]:
    titles = select(CaseTable.calendar_words).join(Series, Series.table_id == CaseTable.id)
    whole = select(Series.place).where(Series.id == about.about_id)
    days = (
        select(SeriesException.place)
        .join(SeriesEntry, SeriesEntry.id == SeriesException.entry_id)
        .where(SeriesEntry.series_id == about.about_id)
    )
    return _said(session, titles.where(Series.id == about.about_id), whole, days)


def _said(session: Session, titles: Select[str], *places: Select[str]) -> dict[str, set[str]]:
    """Every text with the properties of an entry it stands in."""
    said: dict[str, set[str]] = defaultdict(set)
    for where, statement in ((TITLE, titles), *((PLACE, one) for one in places)):
        for text in session.scalars(statement):
            if text:
                said[text].add(where)
    return said


def forget_old(session: Session) -> None:
    """Throw away what no subscription has asked about for long."""
    session.execute(delete(CheckedWords).where(CheckedWords.checked_at <= clock.now() - KEPT))
