"""Stops a mail that says something of a case: the last look before anything leaves the house.

It reads texts as the system, says so in the access log, and keeps them only for the drain at hand.
It never writes or logs what it found, only where.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.disclosure import question_binding, section_binding
from app.domain.leaks import CaseWords, findings, words_of
from app.infra import clock, crypto, outbox
from app.infra.crypto import Sealed, TextDestroyedError
from app.infra.db import transaction
from app.infra.letter_parts import Part
from app.infra.letters import About
from app.infra.mail import DeliveryFailed
from app.models import (
    AgendaItem,
    AuditEvent,
    Case,
    CaseTable,
    Meeting,
    Organisation,
    PersonConcerned,
    Section,
    SectionType,
)

# The codes a stopped message is known by start with this.
STOPPED: Final = "leak-"
PLANNING: Final = "planning"
NOTED_ONCE_IN: Final = timedelta(days=1)
WITH_LINES: Final = ("text", "html")


@dataclass(frozen=True, slots=True)
class _Texts:
    """Everything to compare with, still sealed, and what everybody at the table knows."""

    identities: tuple[Sealed, ...]
    texts: tuple[Sealed, ...]
    codes: tuple[str, ...]
    known: tuple[str, ...]


def check(kind: str, about: About, parts: Iterable[Part]) -> None:
    """Raise `DeliveryFailed`, for good, at the first part that says something of these cases."""
    words = _words(kind, about)
    for part in parts:
        for found in findings(part.text, words, own=part.own):
            line = f"-{found.line}" if part.place in WITH_LINES else ""
            code = f"{STOPPED}{part.place}{line}"
            raise DeliveryFailed(f"stopped: {code}", temporary=False, code=code)


def says_something(actor: Actor, meeting_id: uuid.UUID, *typed: str) -> bool:
    """Whether words typed while planning name something of a case on the agenda.

    Only cases the actor may see count: the answer must not tell of the others.
    """
    if not any(typed):
        return False
    with transaction() as session:
        checks.note()
        served = _cases_at(meeting_id).where(
            c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, clock.now())
        )
        texts = _read(session, PLANNING, About(meeting_id=meeting_id), served)
    words = _opened(texts)
    return any(findings(text, words) for text in typed)


def _words(kind: str, about: About) -> CaseWords:
    """Read once per drain and kind of message."""
    memory = outbox.memory()
    key = (__name__, kind, about)
    if key not in memory:
        known = memory.get((__name__, about))
        with transaction() as session:
            texts = _read(session, kind, about, _cases_of(about), opened=known is not None)
        memory[key] = memory[__name__, about] = known or _opened(texts)
    words: CaseWords = memory[key]
    return words


def _cases_of(about: About) -> Select[Case]:
    if about.meeting_id is not None:
        return _cases_at(about.meeting_id)
    if about.series_id is not None:
        days = select(Meeting.id).where(Meeting.series_id == about.series_id)
        at = select(AgendaItem.case_id).where(AgendaItem.meeting_id.in_(days))
        return select(Case).where(Case.id.in_(at))
    return select(Case).where(Case.id.in_(about.case_ids))


def _cases_at(meeting_id: uuid.UUID) -> Select[Case]:
    """Every case that is or was on the agenda, whoever is barred from it."""
    at = select(AgendaItem.case_id).where(AgendaItem.meeting_id == meeting_id)
    return select(Case).where(Case.id.in_(at))


def _read(
    session: Session, kind: str, about: About, cases: Select[Case], *, opened: bool = False
) -> _Texts:
    """Collect the texts and note the reading; ``opened``: they were read for another kind."""
    _note(session, kind, about)
    if opened:
        return _Texts((), (), (), ())
    found = session.scalars(cases).all()
    ids = [case.id for case in found]
    identities = session.execute(
        select(Section.id, Section.text_ct)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Section.case_id.in_(ids), SectionType.is_identity.is_(True))
    ).all()
    labels = session.execute(
        select(PersonConcerned.id, PersonConcerned.label_ct).where(PersonConcerned.case_id.in_(ids))
    ).all()
    questions = [Sealed(case.question_ct, question_binding(case.id)) for case in found]
    return _Texts(
        identities=tuple(Sealed(text, section_binding(key)) for key, text in identities),
        texts=(*questions, *(Sealed(t, f"person_concerned:{key}:label") for key, t in labels)),
        codes=tuple(
            code for case in found for code in (case.reference, case.imported_number or "")
        ),
        known=_known(session, found),
    )


def _known(session: Session, cases: Sequence[Case]) -> tuple[str, ...]:
    """Names that stand on every door: organisations, the tables and where they usually meet."""
    tables = session.execute(
        select(CaseTable.name, CaseTable.place).where(
            CaseTable.id.in_({case.table_id for case in cases})
        )
    ).all()
    names = session.scalars(select(Organisation.name)).all()
    return (*names, *(text for table in tables for text in table if text))


def _note(session: Session, kind: str, about: About) -> None:
    """One line in the access log per meeting, series or case and kind of message a day."""
    name = f"leak-check:{kind}"[:30]
    asked = _concerned(about)
    noted = {
        tuple(row)
        for row in session.execute(
            select(AuditEvent.meeting_id, AuditEvent.object_id, AuditEvent.case_id).where(
                AuditEvent.at > clock.now() - NOTED_ONCE_IN, AuditEvent.object_kind == name
            )
        )
    }
    audit.record_all(
        session,
        None,
        [
            audit.Entry(
                event=audit.Event.READ,
                object_kind=name,
                meeting_id=meeting_id,
                object_id=series_id,
                case_id=case_id,
            )
            for meeting_id, series_id, case_id in asked
            if (meeting_id, series_id, case_id) not in noted
        ],
    )


def _concerned(
    about: About,
) -> list[tuple[uuid.UUID | None, uuid.UUID | None, uuid.UUID | None]]:
    if about.meeting_id is not None or about.series_id is not None:
        return [(about.meeting_id, about.series_id, None)]
    return [(None, None, case_id) for case_id in sorted(about.case_ids)]


def _opened(texts: _Texts) -> CaseWords:
    return words_of(
        identities=_unsealed(texts.identities),
        texts=_unsealed(texts.texts),
        codes=texts.codes,
        known=texts.known,
    )


def _unsealed(sealed: Sequence[Sealed]) -> list[str]:
    """A text whose key was destroyed is known to nobody any more and cannot leak."""
    try:
        return crypto.unseal_many(sealed)
    except TextDestroyedError:
        return [text for one in sealed for text in _still_there(one)]


def _still_there(sealed: Sealed) -> list[str]:
    try:
        return [crypto.unseal(sealed)]
    except TextDestroyedError:
        return []
