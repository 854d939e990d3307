"""What the pages about the life of a case show; opening them is recorded where a case opens."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access import Actor, Permission, audit, load_case
from app.access.administration.kinds_in_force import version_of
from app.access.case_life import bringing
from app.access.case_life.bringing import AskedTransfer
from app.access.case_life.case_line import Line, Moment, read_line
from app.access.tasks import successors
from app.domain.kinds import Ground, Phase
from app.domain.kinds.happenings import Happening
from app.domain.states import SHUT
from app.infra import clock
from app.infra.db import transaction
from app.models import CaseTable

NAMED_BY_KIND = (
    Happening.OUTCOME,
    Happening.CLOCK_RUNNING,
    Happening.CLOCK_MISSED,
    Happening.CLOCK_MET,
)


@dataclass(frozen=True, slots=True)
class MomentLine:
    """A moment with what its code is called in both languages, where its kind of table says so."""

    moment: Moment
    words_nl: str
    words_en: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """The line of time of a case; only staff have pages behind it."""

    case_id: uuid.UUID
    reference: str
    ground: Ground
    moments: tuple[MomentLine, ...]
    coordinates: bool
    is_open: bool

    @property
    def is_staff(self) -> bool:
        """Whether the reader serves the table of the case."""
        return self.ground is Ground.STAFF


def line_page(actor: Actor, case_id: uuid.UUID) -> LinePage:
    """What happened to the case, as far as the actor may know. NotVisible."""
    with transaction() as session:
        line = read_line(session, actor, case_id)
        named = _names(session, line)
    return LinePage(
        line.case.id,
        line.case.reference,
        line.ground,
        tuple(_line(one, named) for one in line.moments),
        line.case.table_id in actor.coordinator_table_ids,
        line.case.state not in SHUT,
    )


_Names = dict[tuple[uuid.UUID | None, int, str], tuple[str, str]]


def _names(session: Session, line: Line) -> _Names:
    """What outcomes and clocks are called, by the version they were recorded under."""
    wanted = {(one.table_id, one.version) for one in line.moments if one.what in NAMED_BY_KIND}
    named: _Names = {}
    for table_id, version in wanted:
        table = session.get(CaseTable, table_id)
        if table is None:
            continue
        document = version_of(session, table, version).document
        words = {one.code: one.text for one in document.outcomes}
        words |= {one.code: one.text for one in document.clocks}
        named |= {(table_id, version, code): (text.nl, text.en) for code, text in words.items()}
    return named


def _line(one: Moment, named: _Names) -> MomentLine:
    if one.what not in NAMED_BY_KIND:
        return MomentLine(one, "", "")
    return MomentLine(one, *named.get((one.table_id, one.version, one.code), (one.code, one.code)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LedCase:
    """A case the reader leads."""

    task_id: uuid.UUID
    case_id: uuid.UUID
    reference: str
    table: str
    since: datetime | None
    phase: Phase | None
    review_on: date | None
    unfinished: int


def led_page(actor: Actor) -> tuple[LedCase, ...]:
    """The cases the actor leads; that their references were read is recorded. One statement."""
    with transaction() as session:
        rows = session.execute(successors.led_cases(actor, now=clock.now())).all()
        audit.record_all(
            session,
            actor,
            [
                audit.Entry(
                    event=audit.Event.READ,
                    object_kind="task",
                    object_id=row.Task.id,
                    case_id=row.Case.id,
                    table_id=row.Case.table_id,
                    ground=Ground.TASK,
                )
                for row in rows
            ],
        )
        return tuple(
            LedCase(
                task_id=row.Task.id,
                case_id=row.Case.id,
                reference=row.Case.reference,
                table=row.table,
                since=row.Task.accepted_at,
                phase=row.phase,
                review_on=row.review_on,
                unfinished=row.unfinished,
            )
            for row in rows
        )


@dataclass(frozen=True, slots=True)
class SuccessorPage:
    """What the form for a successor offers, and who was asked already."""

    task_id: uuid.UUID
    reference: str
    people: tuple[tuple[uuid.UUID, str], ...]
    asked: successors.Asked | None


def successor_page(actor: Actor, task_id: uuid.UUID) -> SuccessorPage:
    """Whom the lead may ask. NotVisible."""
    with transaction() as session:
        task, case = successors.load_led(session, actor, task_id)
        rows = session.execute(successors.candidates(actor, case)).all()
        return SuccessorPage(
            task.id,
            case.reference,
            tuple(
                (row.id, f"{row.name} ({row.organisation})")
                for row in rows
                if row.id != actor.person_id
            ),
            successors.asked_next(session, case),
        )


@dataclass(frozen=True, slots=True)
class BringingPage:
    """What staff may ask of whom at a case; ``asked`` is who has not answered yet."""

    case_id: uuid.UUID
    reference: str
    organisations: tuple[tuple[uuid.UUID, str], ...]
    asked: str
    asked_at: datetime | None


def bringing_page(actor: Actor, case_id: uuid.UUID) -> BringingPage:
    """Who could bring the case from now on, and who is asked. NotVisible."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.BRINGING_PROPOSE)
        waiting = bringing.waiting_at(session, case)
        return BringingPage(
            case.id,
            case.reference,
            tuple((one.id, one.name) for one in bringing.choices(session, case)),
            waiting[1] if waiting else "",
            waiting[0].proposed_at if waiting else None,
        )


def asked_page(actor: Actor, transfer_id: uuid.UUID) -> AskedTransfer:
    """What the own organisation is asked. NotVisible."""
    with transaction() as session:
        return bringing.load_asked(session, actor, transfer_id)
