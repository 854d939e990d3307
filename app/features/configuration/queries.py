"""The set-up of this region, read as one tree; no person, no case, no secret is asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, audit, checks
from app.access.administration.kinds_in_force import all_in_force, code_of
from app.access.lifecycle.retention import terms_of
from app.domain import presets
from app.domain.configuration import (
    ClosureSetUp,
    Configuration,
    FollowUpSetUp,
    OrganisationSetUp,
    RoomSetUp,
    TableSetUp,
    TermSetUp,
)
from app.domain.kind_document import DisclosurePreset, SectionPreset
from app.domain.kinds import RequiredRole
from app.domain.terms import DEFAULTS
from app.infra import clock
from app.infra.db import recorded_reading
from app.models import (
    CaseTable,
    ClosurePeriod,
    FollowUp,
    Organisation,
    Room,
    SectionType,
    StandardDisclosure,
    StandingPartner,
    TableQuorum,
)

Rows = Mapping[uuid.UUID, list[Any]]


def configuration(actor: Actor | None) -> Configuration:
    """As it holds now; that somebody took it out is recorded. Eleven statements, whatever its size.

    Without an actor it is for who runs the installation.
    """
    with recorded_reading() as session:
        checks.note()
        made = _read(session)
        entry = audit.Entry(event=audit.Event.COPY, object_kind="configuration")
        audit.record(session, actor, entry)
        return made


def _read(session: Session) -> Configuration:
    organisations = session.scalars(
        select(Organisation).where(Organisation.ended_at.is_(None)).order_by(Organisation.code)
    ).all()
    rooms = session.scalars(select(Room).where(Room.ended_at.is_(None)).order_by(Room.name))
    kinds = all_in_force(session, clock.now())
    return Configuration(
        organisations=tuple(
            OrganisationSetUp(one.code, one.name, one.kind, one.mail_domains)
            for one in organisations
        ),
        rooms=tuple(RoomSetUp(one.name, one.address) for one in rooms),
        kinds=tuple(
            one.document
            for code, one in kinds.items()
            if code not in presets.SHIPPED or one.document != presets.SHIPPED[code]
        ),
        tables=_tables(session, {one.id: one.code for one in organisations}),
    )


def _tables(session: Session, codes: Mapping[uuid.UUID, str]) -> tuple[TableSetUp, ...]:
    tables = session.scalars(
        select(CaseTable).where(CaseTable.ended_at.is_(None)).order_by(CaseTable.name)
    ).all()
    ids = [one.id for one in tables]
    terms = terms_of(session, ids)
    types = _by_table(
        session.scalars(
            select(SectionType)
            .where(SectionType.table_id.in_(ids))
            .order_by(SectionType.position, SectionType.code)
        )
    )
    of_type = {one.id: one.code for found in types.values() for one in found}
    standards = _by_table(
        session.scalars(select(StandardDisclosure).where(StandardDisclosure.table_id.in_(ids)))
    )
    partners = _by_table(
        session.scalars(select(StandingPartner).where(StandingPartner.table_id.in_(ids)))
    )
    closures = _by_table(
        session.scalars(
            select(ClosurePeriod)
            .where(ClosurePeriod.table_id.in_(ids))
            .order_by(ClosurePeriod.first_on, ClosurePeriod.name)
        )
    )
    quorum = _by_table(
        session.scalars(
            select(TableQuorum).where(TableQuorum.table_id.in_(ids), TableQuorum.until_at.is_(None))
        )
    )
    chasing = {
        one.table_id: one
        for one in session.scalars(select(FollowUp).where(FollowUp.table_id.in_(ids)))
    }
    return tuple(
        TableSetUp(
            name=one.name,
            kind=code_of(one),
            prefix=one.prefix,
            host=codes.get(one.host_organisation_id, "") if one.host_organisation_id else "",
            place=one.place,
            minutes_per_item=one.minutes_per_item,
            opens_working_days=one.opens_working_days,
            closes_working_days=one.closes_working_days,
            correction_working_days=one.correction_working_days,
            has_standing_reservation=one.has_standing_reservation,
            has_standing_seats=one.has_standing_seats,
            children_first=one.children_first,
            sections_open_with_item=one.sections_open_with_item,
            calendar_words=one.calendar_words,
            confidentiality_nl=one.confidentiality_nl,
            confidentiality_en=one.confidentiality_en,
            required_roles=tuple(
                role for role in RequiredRole if role in {row.role for row in quorum[one.id]}
            ),
            sections=tuple(_section(row) for row in types[one.id]),
            disclosures=_disclosures(standards[one.id], of_type),
            standing_partners=tuple(
                sorted(
                    codes[row.organisation_id]
                    for row in partners[one.id]
                    if row.organisation_id in codes
                )
            ),
            closures=tuple(
                ClosureSetUp(row.name, row.first_on.isoformat(), row.last_on.isoformat())
                for row in closures[one.id]
            ),
            terms=tuple(
                TermSetUp(subject, term.amount, term.extra)
                for subject, term in terms[one.id].items()
                if term != DEFAULTS[subject]
            ),
            follow_up=_follow_up(chasing.get(one.id)),
        )
        for one in tables
    )


def _by_table(rows: Iterable[Any]) -> Rows:
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for one in rows:
        found[one.table_id].append(one)
    return found


def _section(row: SectionType) -> SectionPreset:
    return SectionPreset(
        row.code, row.label_nl, row.label_en, row.retention,
        is_identity=row.is_identity, is_input=row.is_input, is_plan=row.is_plan,
    )  # fmt: skip


def _disclosures(
    rows: Iterable[StandardDisclosure], codes: Mapping[uuid.UUID, str]
) -> tuple[DisclosurePreset, ...]:
    made = (
        DisclosurePreset(
            row.organisation_kind, codes[row.section_type_id], row.ground, row.purpose,
            row.necessity,
        )
        for row in rows
    )  # fmt: skip
    return tuple(sorted(made, key=lambda one: (one.organisation_kind.value, one.section_code)))


def _follow_up(row: FollowUp | None) -> FollowUpSetUp | None:
    if row is None:
        return None
    return FollowUpSetUp(
        row.days_before, row.on_the_day, row.days_after, row.quiet_from, row.quiet_until,
        row.deputy_after, row.contact_after, row.chair_after, row.verifies,
    )  # fmt: skip
