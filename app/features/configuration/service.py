"""Sets an empty region up from a file; people, covenants and roles are given afterwards by people.

Only where no table is: what a file says never changes a table that people work at.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, audit
from app.access.administration import changes, ground_rules
from app.access.administration.changes import Wanted
from app.access.administration.kinds_in_force import newest
from app.access.administration.taken_names import flush_or_refuse
from app.domain import presets
from app.domain.configuration import Configuration, OrganisationSetUp, RoomSetUp, TableSetUp, parse
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kind_changes import refuse_faulty
from app.domain.kind_document import KindDocument, dump
from app.domain.kinds import AccountState, PowerfulChangeKind
from app.domain.telling_words import betrays
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import (
    CaseTable,
    ClosurePeriod,
    FollowUp,
    KindVersion,
    Organisation,
    OwnKind,
    Person,
    Room,
    SectionType,
    StandardDisclosure,
    StandingPartner,
    TableTerm,
)

# Columns of a table that the file says as they are.
_ALIKE = {one.name for one in fields(TableSetUp)} - {
    "kind", "host", "required_roles", "sections", "disclosures", "standing_partners", "closures",
    "terms", "follow_up",
}  # fmt: skip


def read(text: str) -> Configuration:
    """What a file says. Refusal FILE_UNREADABLE, and those of what no kind or table may say."""
    try:
        configuration = parse(text)
        for table in configuration.tables:
            for closure in table.closures:
                date.fromisoformat(closure.first_on), date.fromisoformat(closure.last_on)
    except ValueError:
        raise Refusal(Reason.FILE_UNREADABLE, "file") from None
    own = {one.code: one for one in configuration.kinds}
    for document in configuration.kinds:
        refuse_faulty(document)
    for table in configuration.tables:
        if table.kind not in own and table.kind not in presets.SHIPPED:
            raise Refusal(Reason.VALUE_UNKNOWN, "file")
        if betrays(table.calendar_words, prefix=table.prefix):
            raise Refusal(Reason.WORDS_BETRAY, "file")
    return configuration


def may_be_loaded() -> bool:
    """Whether this region is still empty: no table, and no kind that was changed here."""
    with reading() as session:
        return _is_empty(session)


def load(actor: Actor, text: str) -> Configuration:
    """Set the region up. Refusals of ``read``, REGION_NOT_EMPTY; NotVisible to all but its office.

    Organisations and rooms that are there already, by their code or name, stay as they are.
    """
    if not actor.is_administrator:
        raise NotVisible
    configuration = read(text)
    with transaction() as session:
        if not _is_empty(session):
            raise Refusal(Reason.REGION_NOT_EMPTY)
        for document in configuration.kinds:
            _add_kind(session, actor, document)
        partners = _organisations(session, configuration.organisations)
        _add_rooms(session, configuration.rooms)
        has_confirmer = session.scalar(
            select(Person.id)
            .where(Person.is_privacy_officer.is_(True), Person.state == AccountState.ACTIVE)
            .limit(1)
        )
        own = {one.code: one for one in configuration.kinds}
        for table in configuration.tables:
            document = own.get(table.kind) or presets.SHIPPED[table.kind]
            row = _add_table(session, actor, table, document)
            _add_scheme(session, row, table)
            _add_terms(session, actor, row, table)
            session.add_all(
                StandingPartner(table_id=row.id, organisation_id=partners[code])
                for code in table.standing_partners
            )
            _give_host(session, actor, row, partners.get(table.host), waits=bool(has_confirmer))
        entry = audit.Entry(event=audit.Event.ADD, object_kind="configuration")
        audit.record(session, actor, entry)
    return configuration


def _is_empty(session: Session) -> bool:
    table = session.scalar(select(CaseTable.id).limit(1))
    return table is None and session.scalar(select(KindVersion.number).limit(1)) is None


def _add_kind(session: Session, actor: Actor, document: KindDocument) -> None:
    now = clock.now()
    if document.code not in presets.SHIPPED:
        session.add(
            OwnKind(
                code=document.code, works_as=document.works_as, added_by_id=actor.person_id,
                added_at=now,
            )
        )  # fmt: skip
        number = 1
    else:
        number = newest(session, document.code).number + 1
    session.add(
        KindVersion(
            kind_code=document.code, number=number, from_at=now, document=dump(document),
            made_by_id=actor.person_id, made_at=now, applied_at=now,
        )
    )  # fmt: skip


def _organisations(
    session: Session, wanted: tuple[OrganisationSetUp, ...]
) -> Mapping[str, uuid.UUID]:
    rows = session.execute(select(Organisation.code, Organisation.id)).all()
    found = {code: key for code, key in rows}  # noqa: C416 - a Row is no pair to mypy
    for one in wanted:
        if one.code not in found:
            found[one.code] = key = uuid.uuid4()
            session.add(Organisation(id=key, **asdict(one)))
    flush_or_refuse(session)
    return found


def _add_rooms(session: Session, wanted: tuple[RoomSetUp, ...]) -> None:
    found = set(session.scalars(select(Room.name)))
    session.add_all(Room(**asdict(one)) for one in wanted if one.name not in found)


def _add_table(
    session: Session, actor: Actor, wanted: TableSetUp, document: KindDocument
) -> CaseTable:
    own = document.code if document.code != document.works_as.value else ""
    columns = {name: getattr(wanted, name) for name in _ALIKE}
    row = CaseTable(id=uuid.uuid4(), kind=document.works_as, kind_code=own, **columns)
    session.add(row)
    flush_or_refuse(session)
    ground_rules.begin(session, row, wanted.required_roles)
    session.add_all(
        ClosurePeriod(
            table_id=row.id, name=one.name, first_on=date.fromisoformat(one.first_on),
            last_on=date.fromisoformat(one.last_on),
        )
        for one in wanted.closures
    )  # fmt: skip
    if wanted.follow_up is not None:
        session.add(
            FollowUp(
                table_id=row.id, changed_by_id=actor.person_id, changed_at=clock.now(),
                verifies_from=clock.now() if wanted.follow_up.verifies else None,
                **asdict(wanted.follow_up),
            )
        )  # fmt: skip
    return row


def _add_scheme(session: Session, row: CaseTable, wanted: TableSetUp) -> None:
    types = {one.code: uuid.uuid4() for one in wanted.sections}
    session.add_all(
        SectionType(id=types[one.code], table_id=row.id, position=position, **asdict(one))
        for position, one in enumerate(wanted.sections, start=1)
    )
    session.add_all(
        StandardDisclosure(
            table_id=row.id, organisation_kind=one.organisation_kind,
            section_type_id=types[one.section_code], ground=one.ground, purpose=one.purpose,
            necessity=one.necessity,
        )
        for one in wanted.disclosures
    )  # fmt: skip


def _add_terms(session: Session, actor: Actor, row: CaseTable, wanted: TableSetUp) -> None:
    """As of any new table: only its chair can agree to others later."""
    session.add_all(
        TableTerm(
            table_id=row.id, subject=one.subject, amount=one.amount, extra=one.extra,
            proposed_by_id=actor.person_id, proposed_at=clock.now(),
            decided_by_id=actor.person_id, decided_at=clock.now(), approved=True,
        )
        for one in wanted.terms
    )  # fmt: skip


def _give_host(
    session: Session, actor: Actor, row: CaseTable, host_id: uuid.UUID | None, *, waits: bool
) -> None:
    """At once while nobody could confirm it, else asked for, as for any table."""
    if host_id is None:
        return
    if not waits:
        row.host_organisation_id = host_id
        return
    kind = PowerfulChangeKind.CHANGE_HOST
    wanted = Wanted(kind=kind, table_id=row.id, organisation_id=host_id)
    changes.request(session, actor, wanted)
