"""Stops a mail that says something of a case: the last look before anything leaves the house.

It reads texts as the system, says so in the access log, and keeps them only for the round at hand.
It never writes or logs what it found, only where.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.messages import hidden_names, leak_findings
from app.access.messages.leak_findings import STOPPED
from app.access.messages.leak_texts import open_texts, read_texts
from app.domain.kinds import CaseState
from app.domain.leaks import CaseWords, findings, together
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.letter_parts import Part
from app.infra.letters import About
from app.infra.mail import DeliveryFailed
from app.infra.round_memory import memory
from app.infra.wall import System
from app.models import AgendaItem, AuditEvent, Case, Meeting

PLANNING: Final = "planning"
NOTED_ONCE_IN: Final = timedelta(days=1)
# A round may last long when the mail server is slow, and a case gets new names meanwhile.
REMEMBERED_FOR: Final = timedelta(minutes=2)
WITH_LINES: Final = ("text", "html")
# Cases that will not come on an agenda any more.
OVER: Final = (CaseState.RETURNED, CaseState.REFUSED, CaseState.CLOSED, CaseState.DESTROYED)
# Somebody who plans waits for the answer: the newest cases of a table are looked at.
MOST_CASES: Final = 300


@dataclass(frozen=True, slots=True)
class _Looked:
    """Of what the texts were read, for the access log."""

    table_id: uuid.UUID | None = None
    meeting_id: uuid.UUID | None = None
    series_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """What may not be said, of all cases and of each; ``read_at`` says how old that is."""

    every: CaseWords
    by_case: Mapping[uuid.UUID, CaseWords]
    read_at: datetime


def check(kind: str, about: About, parts: Iterable[Part]) -> None:
    """Raise `DeliveryFailed`, for good, at the first part that says something of these cases.

    Of which cases is written down, for those who may know of them.
    """
    words = _words(kind, about)
    for part in parts:
        for found in findings(part.text, words.every, own=part.own):
            line = f"-{found.line}" if part.place in WITH_LINES else ""
            code = f"{STOPPED}{part.place}{line}"
            leak_findings.note(about, code, part.text, _named_by(part, words))
            raise DeliveryFailed(f"stopped: {code}", temporary=False, code=code)


def _named_by(part: Part, words: _Words) -> list[uuid.UUID]:
    """The cases it says something of."""
    return [
        case_id for case_id, own in words.by_case.items() if findings(part.text, own, own=part.own)
    ]


def says_something(actor: Actor, meeting_id: uuid.UUID, *typed: str) -> bool:
    """Whether words typed while planning name something of a case on the agenda.

    Only cases the actor may see count: the answer must not tell of the others.
    """
    return _is_said(actor, typed, _cases_at(meeting_id), _Looked(meeting_id=meeting_id))


def says_something_at(actor: Actor, table_id: uuid.UUID, *typed: str) -> bool:
    """The same for a meeting or series still to be: the open cases of the table, newest first."""
    cases = (
        select(Case)
        .where(Case.table_id == table_id, Case.state.not_in(OVER))
        .order_by(Case.created_at.desc(), Case.id)
        .limit(MOST_CASES)
    )
    return _is_said(actor, typed, cases, _Looked(table_id=table_id))


def says_something_of(case_id: uuid.UUID, text: str) -> bool:
    """Whether a text for everybody names something of one case, read as the house does.

    For whoever writes at a case without reading all of it: one answer for everything it could be.
    """
    with wall.acting_as(System.LEAK_CHECK), transaction() as session:
        texts = read_texts(session, select(Case).where(Case.id == case_id))
        _note(session, PLANNING, [_Looked(case_id=case_id)])
    return bool(findings(text, together(open_texts(texts).values())))


def words_at_table(actor: Actor, meeting_id: uuid.UUID) -> CaseWords:
    """What may not stand in a text that leaves the room: of cases there that the actor may see."""
    return _served_words(actor, _cases_at(meeting_id), _Looked(meeting_id=meeting_id))


def _is_said(actor: Actor, typed: Iterable[str], cases: Select[Case], looked: _Looked) -> bool:
    words = [text for text in typed if text]
    if not words:
        return False
    said = _served_words(actor, cases, looked)
    return any(findings(text, said) for text in words)


def _served_words(actor: Actor, cases: Select[Case], looked: _Looked) -> CaseWords:
    """Asked at every pause in typing: once it was noted today nothing is written any more."""
    with reading() as session:
        checks.note()
        served = cases.where(
            c.is_staff_table(actor, Case.table_id), c.is_not_barred(actor, clock.now())
        )
        texts = read_texts(session, served)
        hidden = looked.meeting_id and hidden_names.names_at(session, actor, looked.meeting_id)
        is_noted = not _unnoted(session, PLANNING, [looked])
    if not is_noted:
        with transaction() as session:
            _note(session, PLANNING, [looked])
    said = list(open_texts(texts).values())
    if hidden:
        said.append(hidden.words(texts.known))
    return together(said)


def _words(kind: str, about: About) -> _Words:
    """Read once per round, noted once per round and kind of message."""
    shared, now = memory(), clock.now()
    known: _Words | None = shared.get((__name__, about))
    if known is None or known.read_at + REMEMBERED_FOR < now:
        with wall.acting_as(System.LEAK_CHECK), transaction() as session:
            texts = read_texts(session, _cases_of(about))
            _note(session, kind, _concerned(about))
        by_case = open_texts(texts)
        known = _Words(together(by_case.values()), by_case, now)
        shared[__name__, about] = known
    elif (__name__, about, kind) not in shared:
        with transaction() as session:
            _note(session, kind, _concerned(about))
    shared[__name__, about, kind] = True
    return known


def _cases_of(about: About) -> Select[Case]:
    if about.meeting_id is not None:
        return _cases_at(about.meeting_id)
    if about.series_id is not None:
        at = (
            select(AgendaItem.case_id)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(Meeting.series_id == about.series_id, Meeting.ends_at > clock.now())
        )
        return select(Case).where(Case.id.in_(at))
    return select(Case).where(Case.id.in_(about.case_ids))


def _cases_at(meeting_id: uuid.UUID) -> Select[Case]:
    """Every case that is or was on the agenda, whoever is barred from it."""
    at = select(AgendaItem.case_id).where(AgendaItem.meeting_id == meeting_id)
    return select(Case).where(Case.id.in_(at))


def _note(session: Session, kind: str, looked: Iterable[_Looked]) -> None:
    """One line in the access log per table, meeting, series or case and kind of message a day."""
    audit.record_all(
        session,
        None,
        [
            audit.Entry(
                event=audit.Event.READ,
                object_kind=_name(kind),
                table_id=one.table_id,
                meeting_id=one.meeting_id,
                object_id=one.series_id,
                case_id=one.case_id,
            )
            for one in _unnoted(session, kind, looked)
        ],
    )


def _name(kind: str) -> str:
    return f"leak-check:{kind}"[:30]


def _unnoted(session: Session, kind: str, looked: Iterable[_Looked]) -> list[_Looked]:
    noted = {
        _Looked(row.table_id, row.meeting_id, row.object_id, row.case_id)
        for row in session.execute(
            select(
                AuditEvent.table_id, AuditEvent.meeting_id, AuditEvent.object_id, AuditEvent.case_id
            ).where(
                AuditEvent.at > clock.now() - NOTED_ONCE_IN, AuditEvent.object_kind == _name(kind)
            )
        )
    }
    return [one for one in looked if one not in noted]


def _concerned(about: About) -> list[_Looked]:
    if about.meeting_id is not None or about.series_id is not None:
        return [_Looked(meeting_id=about.meeting_id, series_id=about.series_id)]
    return [_Looked(case_id=case_id) for case_id in sorted(about.case_ids)]
