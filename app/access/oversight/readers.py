"""Who may see which lines of the access log: "seen by whom", for those who watch over it.

A chair sees what was read at the own tables, the privacy officer everything. The supervisor (FG) of
the host sees the log of its tables, that of a partner the lines about its own people and its own
sections. A representative sees the readers of its organisation's sections. Nobody sees a line of
a case that bars the reader, and no line holds any content.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.access import audit, checks
from app.access import conditions as c
from app.access.actor import Actor
from app.access.lifecycle.barred import barred_before
from app.domain.errors import NotVisible
from app.domain.kinds import Ground
from app.models import (
    AuditEvent,
    Case,
    CaseTable,
    Exclusion,
    Organisation,
    Person,
    Recusal,
    Section,
    SectionType,
)

READINGS: Final = tuple(
    one.value
    for one in (audit.Event.READ, audit.Event.REVEAL, audit.Event.COPY, audit.Event.EMERGENCY)
)
OPENED: Final = (audit.Event.READ.value, audit.Event.REVEAL.value)


def watched_lines(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """The readings of cases the actor watches over. Columns: see ``_lines``."""
    checks.note()
    if not actor.reads_logs:
        raise NotVisible
    return _lines(actor, now).where(_is_watched(actor))


def own_section_lines(actor: Actor, *, now: datetime) -> Select[*tuple[Any, ...]]:
    """Readings by others of sections of the organisation the actor represents."""
    checks.note()
    return _lines(actor, now).where(
        Section.source_organisation_id == actor.organisation_id,
        Case.table_id.in_(actor.representative_table_ids),
        AuditEvent.event.in_(OPENED),
        AuditEvent.ground != Ground.SOURCE.value,
    )


def _lines(actor: Actor, now: datetime) -> Select[*tuple[Any, ...]]:
    """``AuditEvent`` with reference, table, section and the reader's organisation of that time.

    ``replaced`` and ``replaced_at``: on whose behalf it was, and of which organisation.
    """
    replaced, replaced_at = aliased(Person), aliased(Organisation)
    return (
        select(
            AuditEvent,
            Case.reference,
            _table().label("table_id"),
            CaseTable.name.label("table"),
            SectionType.label_nl,
            SectionType.label_en,
            Section.source_organisation_id,
            Organisation.name.label("organisation"),
            replaced.name.label("replaced"),
            replaced_at.name.label("replaced_at"),
        )
        .select_from(AuditEvent)
        .outerjoin(Case, Case.id == AuditEvent.case_id)
        .outerjoin(CaseTable, CaseTable.id == _table())
        .outerjoin(Section, Section.id == AuditEvent.section_id)
        .outerjoin(SectionType, SectionType.id == Section.section_type_id)
        .outerjoin(Organisation, Organisation.id == AuditEvent.organisation_id)
        .outerjoin(replaced, replaced.id == AuditEvent.on_behalf_of_id)
        .outerjoin(replaced_at, replaced_at.id == AuditEvent.on_behalf_of_organisation_id)
        .where(
            AuditEvent.case_id.is_not(None),
            AuditEvent.event.in_(READINGS),
            does_not_bar(actor, now),
        )
    )


def _table() -> ColumnElement[uuid.UUID]:
    """The table a line belongs to: that of the case now, or, once it is gone, that of then."""
    return func.coalesce(Case.table_id, AuditEvent.table_id)


def _is_watched(actor: Actor) -> c.Condition:
    if actor.is_privacy_officer:
        return true()
    ways: list[c.Condition] = [_table().in_(actor.chair_table_ids)]
    if actor.is_supervisor:
        ways += [
            _table().in_(_hosted(actor)),
            AuditEvent.organisation_id == actor.organisation_id,
            Section.source_organisation_id == actor.organisation_id,
        ]
    return or_(*ways)


def _hosted(actor: Actor) -> Select[uuid.UUID]:
    return select(CaseTable.id).where(CaseTable.host_organisation_id == actor.organisation_id)


def does_not_bar(actor: Actor, now: datetime) -> c.Condition:
    """The case of the line neither excludes the actor nor has a recusal, nor did before it went."""
    return and_(
        ~barred_before(actor, AuditEvent.case_id),
        ~exists().where(
            Exclusion.person_id == actor.person_id,
            Exclusion.case_id == AuditEvent.case_id,
            c.is_live(Exclusion.from_at, Exclusion.until_at, now),
        ),
        ~exists().where(
            Recusal.person_id == actor.person_id,
            Recusal.case_id == AuditEvent.case_id,
            Recusal.lifted_at.is_(None),
        ),
    )


def load_watched_case(session: Session, actor: Actor, case_id: uuid.UUID, *, now: datetime) -> str:
    """The reference of a case whose readers the actor may ask for. NotVisible.

    A supervisor of a partner only when there is a line for it.
    """
    checks.note()
    if not actor.reads_logs:
        raise NotVisible
    whole = _whole(actor)
    if actor.is_supervisor:
        lines = watched_lines(actor, now=now).where(AuditEvent.case_id == case_id)
        found = lines.with_only_columns(AuditEvent.id, maintain_column_froms=True).correlate(None)
        whole.append(exists(found.subquery().select()))
    reference = session.scalar(
        select(Case.reference).where(Case.id == case_id, or_(*whole), c.is_not_barred(actor, now))
    )
    if reference is None:
        raise NotVisible
    return reference


def watched_case_called(
    session: Session, actor: Actor, reference: str, *, now: datetime
) -> uuid.UUID | None:
    """The case of this reference at a table watched over as a whole; None for any other."""
    checks.note()
    return session.scalar(
        select(Case.id).where(
            Case.reference == reference, or_(*_whole(actor)), c.is_not_barred(actor, now)
        )
    )


def _whole(actor: Actor) -> list[c.Condition]:
    """The cases of which the actor watches over every line."""
    ways: list[c.Condition] = [Case.table_id.in_(actor.chair_table_ids)]
    if actor.is_privacy_officer:
        ways.append(true())
    if actor.is_supervisor:
        ways.append(Case.table_id.in_(_hosted(actor)))
    return ways


def sees_staff_only(actor: Actor, table_id: uuid.UUID | None) -> bool:
    """Whether who sits on a staff-only seat of this table may be named."""
    return actor.is_privacy_officer or table_id in actor.staff_table_ids


def opening(
    actor: Actor, kind: str, *, case_id: uuid.UUID | None = None, table_id: uuid.UUID | None = None
) -> audit.Entry:
    """The line for opening such a list: looking at the log is itself logged."""
    return _line_of(actor, audit.Event.LOG_ACCESS, kind, case_id=case_id, table_id=table_id)


def searching(actor: Actor, kind: str, *, case_id: uuid.UUID | None) -> audit.Entry:
    """The line for having looked for something in such a list; not for whom."""
    return _line_of(actor, audit.Event.SEARCH, kind, case_id=case_id)


def _line_of(
    actor: Actor,
    event: audit.Event,
    kind: str,
    *,
    case_id: uuid.UUID | None,
    table_id: uuid.UUID | None = None,
) -> audit.Entry:
    return audit.Entry(
        event=event,
        object_kind=kind,
        object_id=case_id,
        case_id=case_id,
        table_id=table_id,
        ground=Ground.STAFF if actor.chair_table_ids and not actor.is_privacy_officer else None,
    )
