"""Telling the persons concerned: what stands for each, and one more word about somebody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.access import Actor, Permission, audit, load_case
from app.access.case_life import informings
from app.access.case_life.informings import Due, Row
from app.access.readings import readings_of_case
from app.access.seats.acquaintances import Stage
from app.access.tasks import holding
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, ConcernedRole, TaskKind
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import reading, transaction
from app.models import Case, Informing

MOST_REASON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is recorded: told on a day by an organisation, or put off with a reason."""

    informed_on: date | None = None
    organisation_id: uuid.UUID | None = None
    reason: str = ""
    reconsider_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One word about somebody."""

    informed_on: date | None
    organisation: str
    reason: str
    reconsider_on: date | None
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person concerned with every word, latest first; without a person the whole family."""

    id: uuid.UUID | None
    label: str
    role: ConcernedRole | None
    lines: tuple[Line, ...]

    @property
    def last(self) -> Line | None:
        """What holds now."""
        return self.lines[0] if self.lines else None


@dataclass(frozen=True, slots=True)
class InformingPage:
    """Everybody of one case."""

    case_id: uuid.UUID
    reference: str
    is_open: bool
    people: tuple[Somebody, ...]
    today: date


def informing_page(actor: Actor, case_id: uuid.UUID) -> InformingPage:
    """What staff see; reasons that are read are recorded."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_READ)
        people = informings.people_of(session, actor, case_id)
        rows = informings.of_case(session, actor, case_id)
        lines = [*readings_of_case(case), *informings.readings(rows, case.table_id)]
        audit.record_all(session, actor, lines)
    sealed = [informings.sealed_label(one) for one in people]
    texts = crypto.unseal_left([*sealed, *map(_sealed_reason, rows)])
    said = _lines(rows, texts[len(sealed) :])
    found = [
        Somebody(id=one.id, label=label, role=one.role, lines=said.get(one.id, ()))
        for one, label in zip(people, texts, strict=False)
    ]
    if None in said:
        found.insert(0, Somebody(id=None, label="", role=None, lines=said[None]))
    return InformingPage(case.id, case.reference, _is_open(case), tuple(found), clock.today())


def led_page(actor: Actor, task_id: uuid.UUID) -> InformingPage:
    """What a case lead sees: everybody by number alone."""
    with transaction() as session:
        own = holding.load_own(session, actor, task_id)
        is_open = holding.stage_of(session, actor, own) is Stage.OPEN
        if own.task.kind is not TaskKind.CASE_LEAD or not is_open:
            raise NotVisible
        rows = informings.of_led_case(session, actor, own.case.id)
        # The words of a hidden organisation stay shut: they may say that it is there.
        read = [one for one in rows if not one.is_hidden]
        audit.record_all(session, actor, informings.readings(read, own.case.table_id))
    texts = dict(zip(read, crypto.unseal_left([*map(_sealed_reason, read)]), strict=True))
    lines = _lines(rows, [texts.get(one, "") for one in rows])
    found = tuple(
        Somebody(id=None, label=str(number) if key else "", role=None, lines=lines[key])
        for number, key in enumerate(sorted(lines, key=str), 1)
    )
    return InformingPage(
        own.case.id, own.case.reference, is_open=False, people=found, today=clock.today()
    )


def _sealed_reason(row: Row) -> Sealed:
    return informings.sealed_reason(row.informing)


def _lines(rows: Sequence[Row], reasons: Sequence[str]) -> dict[uuid.UUID | None, tuple[Line, ...]]:
    found: dict[uuid.UUID | None, tuple[Line, ...]] = {}
    for row, reason in zip(rows, reasons, strict=True):
        one = row.informing
        line = Line(
            informed_on=one.informed_on,
            organisation=row.organisation,
            reason=reason,
            reconsider_on=one.reconsider_on,
            recorded_by=row.recorded_by,
            recorded_at=one.recorded_at,
        )
        key = one.person_concerned_id
        found[key] = (*found.get(key, ()), line)
    return found


@dataclass(frozen=True, slots=True)
class ToTell:
    """The form about one person: how that one is called, and who may have told."""

    reference: str
    label: str
    organisations: tuple[tuple[uuid.UUID, str], ...]


def to_tell(actor: Actor, case_id: uuid.UUID, person_id: uuid.UUID) -> ToTell:
    """The form; NotVisible for somebody of another case. Who it is about is recorded as read."""
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        person = informings.load_person(session, actor, case_id, person_id)
        audit.record_all(session, actor, readings_of_case(case))
        sources = tuple((one.id, one.name) for one in informings.sources(session, case))
    return ToTell(case.reference, crypto.unseal(informings.sealed_label(person)), sources)


def tell(actor: Actor, case_id: uuid.UUID, person_id: uuid.UUID, told: Told) -> None:
    """Add one word. STATE_NOT_ALLOWED for a destroyed case, DATE_IN_PAST, SAID_IN_FUTURE."""
    _refuse_odd_days(told)
    with transaction() as session:
        case = load_case(session, actor, case_id, Permission.CASE_UPDATE)
        if not _is_open(case):
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        informings.load_person(session, actor, case_id, person_id)
        by = told.organisation_id
        if by is not None and not informings.exists_at(session, case, by):
            raise Refusal(Reason.VALUE_UNKNOWN, "organisation")
        row = Informing(
            case_id=case.id,
            person_concerned_id=person_id,
            informed_on=told.informed_on,
            organisation_id=by,
            reconsider_on=told.reconsider_on,
        )
        informings.add(session, actor, case, row, reason=told.reason)


def _refuse_odd_days(told: Told) -> None:
    if told.informed_on is not None:
        if told.organisation_id is None:
            raise Refusal(Reason.VALUE_MISSING, "organisation")
        if told.informed_on > clock.today():
            raise Refusal(Reason.SAID_IN_FUTURE, "informed_on")
        return
    if not told.reason:
        raise Refusal(Reason.REASON_NEEDED, "reason")
    if told.reconsider_on is None:
        raise Refusal(Reason.VALUE_MISSING, "reconsider_on")
    if told.reconsider_on < clock.today():
        raise Refusal(Reason.DATE_IN_PAST, "reconsider_on")


def due_page(actor: Actor) -> tuple[Due, ...]:
    """The cases in which a day to reconsider has come."""
    with reading() as session:
        return informings.due(session, actor)


def _is_open(case: Case) -> bool:
    # Telling the persons concerned does not end with the case: what was put off is yet to be done.
    return case.state is not CaseState.DESTROYED
