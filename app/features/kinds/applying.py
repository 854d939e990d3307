"""On its day the tables of a kind take over what a new version changes of what they copied.

Only what changed, and only where a table still had it as its kind did: what a table set itself
stays. Nothing that was recorded is touched: sections that cases use, confirmed disclosures,
accepted statements and meetings keep what they had.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access import audit
from app.access.administration import ground_rules
from app.access.administration.kinds_in_force import document_before
from app.access.lifecycle import retention
from app.access.usage import is_section_used
from app.domain.kind_document import DisclosurePreset, KindDocument, SectionPreset, parse
from app.domain.kinds import OrganisationKind
from app.domain.terms import Term
from app.infra import clock
from app.infra.db import transaction
from app.models import CaseTable, KindVersion, SectionType, StandardDisclosure, TableTerm

_COPIED = (
    "minutes_per_item", "opens_working_days", "closes_working_days", "correction_working_days",
    "has_standing_seats", "children_first",
)  # fmt: skip


def apply_due(code: str) -> None:
    """Apply what the versions of a kind whose day has come change together; each counts once.

    One that was withdrawn before its day changes nothing: no statement is to be accepted anew.
    """
    with transaction() as session:
        due = session.scalars(
            select(KindVersion)
            .where(
                KindVersion.kind_code == code,
                KindVersion.applied_at.is_(None),
                KindVersion.from_at <= clock.now(),
            )
            .order_by(KindVersion.number)
            .with_for_update()
        ).all()
        if not due:
            return
        before, after = document_before(session, due[0]), parse(due[-1].document)
        for table in _tables_of(session, code) if before != after else ():
            _follow(session, table, before, after)
            _propose_terms(session, table, due[-1].made_by_id, before, after)
            _record(session, table)
        for version in due:
            version.applied_at = clock.now()
        session.flush()


def _tables_of(session: Session, code: str) -> Collection[CaseTable]:
    named = or_(CaseTable.kind_code == code, (CaseTable.kind_code == "") & (CaseTable.kind == code))
    return session.scalars(
        select(CaseTable).where(named, CaseTable.ended_at.is_(None)).with_for_update()
    ).all()


def _follow(session: Session, table: CaseTable, before: KindDocument, after: KindDocument) -> None:
    for name in _COPIED:
        if getattr(table, name) == getattr(before, name):
            setattr(table, name, getattr(after, name))
    _follow_statement(session, table, before, after)
    asked = set(ground_rules.required_at(session, table))
    asked -= set(before.required_roles) - set(after.required_roles)
    asked |= set(after.required_roles) - set(before.required_roles)
    ground_rules.require(session, table, asked)
    _follow_sections(session, table, before, after)
    _follow_disclosures(session, table, before, after)


def _follow_statement(
    session: Session, table: CaseTable, before: KindDocument, after: KindDocument
) -> None:
    """Another statement is another version; who accepted the old one accepted that."""
    old, new = before.confidentiality, after.confidentiality
    if old != new and (table.confidentiality_nl, table.confidentiality_en) == (old.nl, old.en):
        table.confidentiality_nl, table.confidentiality_en = new.nl, new.en
        ground_rules.new_version(session, table)


def _follow_sections(
    session: Session, table: CaseTable, before: KindDocument, after: KindDocument
) -> None:
    types = _types_of(session, table)
    old = {one.code: one for one in before.sections}
    for one in after.sections:
        if one.code in types:
            _change_section(session, types[one.code], old.get(one.code), one)
    gone = set(old) - {one.code for one in after.sections}
    for code in sorted(gone & set(types)):
        _remove_unused(session, types[code])
    session.flush()
    new = [one for one in after.sections if one.code not in types and one.code not in old]
    _add_sections(session, table, new)


def _types_of(session: Session, table: CaseTable) -> dict[str, SectionType]:
    found = session.scalars(select(SectionType).where(SectionType.table_id == table.id))
    return {one.code: one for one in found}


def _change_section(
    session: Session, stored: SectionType, old: SectionPreset | None, new: SectionPreset
) -> None:
    """Words change everywhere; what a section protects only while no case uses it."""
    if old is None or old == new:
        return
    if (stored.label_nl, stored.label_en) == (old.label_nl, old.label_en):
        stored.label_nl, stored.label_en = new.label_nl, new.label_en
    if is_section_used(session, stored.id):
        return
    stored.retention, stored.is_identity = new.retention, new.is_identity
    stored.is_input, stored.is_plan = new.is_input, new.is_plan


def _remove_unused(session: Session, stored: SectionType) -> None:
    if not is_section_used(session, stored.id):
        for one in session.scalars(
            select(StandardDisclosure).where(StandardDisclosure.section_type_id == stored.id)
        ):
            session.delete(one)
        session.flush()
        session.delete(stored)


def _add_sections(session: Session, table: CaseTable, new: Collection[SectionPreset]) -> None:
    last = session.scalar(
        select(func.max(SectionType.position)).where(SectionType.table_id == table.id)
    )
    session.add_all(
        SectionType(id=uuid.uuid4(), table_id=table.id, position=position, **asdict(one))
        for position, one in enumerate(new, start=(last or 0) + 1)
    )
    session.flush()


def _follow_disclosures(
    session: Session, table: CaseTable, before: KindDocument, after: KindDocument
) -> None:
    types = _types_of(session, table)
    code_of = {one.id: one.code for one in types.values()}
    stored = {
        (row.organisation_kind, code_of[row.section_type_id]): row
        for row in session.scalars(
            select(StandardDisclosure).where(StandardDisclosure.table_id == table.id)
        )
    }
    old, new = _by_pair(before), _by_pair(after)
    for pair in (set(old) - set(new)) & set(stored):
        session.delete(stored[pair])
    for pair, one in new.items():
        if pair in stored:
            _change_disclosure(stored[pair], old.get(pair), one)
        elif pair not in old and one.section_code in types:
            _add_disclosure(session, table, types[one.section_code], one)


def _by_pair(document: KindDocument) -> dict[tuple[OrganisationKind, str], DisclosurePreset]:
    return {(one.organisation_kind, one.section_code): one for one in document.disclosures}


def _change_disclosure(
    stored: StandardDisclosure, old: DisclosurePreset | None, new: DisclosurePreset
) -> None:
    for name in ("ground", "purpose", "necessity"):
        if old is not None and getattr(stored, name) == getattr(old, name):
            setattr(stored, name, getattr(new, name))


def _add_disclosure(
    session: Session, table: CaseTable, section: SectionType, new: DisclosurePreset
) -> None:
    session.add(
        StandardDisclosure(
            table_id=table.id,
            organisation_kind=new.organisation_kind,
            section_type_id=section.id,
            ground=new.ground,
            purpose=new.purpose,
            necessity=new.necessity,
        )
    )


def _propose_terms(
    session: Session, table: CaseTable, by: uuid.UUID, before: KindDocument, after: KindDocument
) -> None:
    """Another period of keeping holds once a chair of the table agrees, as always."""
    old, new = before.regime.keep_months or {}, after.regime.keep_months or {}
    held = retention.terms_of(session, [table.id])[table.id]
    changed = {
        subject: Term(months, held[subject].extra)
        for subject, months in new.items()
        if old.get(subject) != months and held[subject].amount == old.get(subject)
    }
    if changed and not retention.proposed(session, [table.id]):
        session.add_all(
            TableTerm(
                table_id=table.id, subject=subject, amount=term.amount, extra=term.extra,
                proposed_by_id=by, proposed_at=clock.now(),
            )
            for subject, term in changed.items()
        )  # fmt: skip


def _record(session: Session, table: CaseTable) -> None:
    entry = audit.Entry(
        event=audit.Event.CHANGE, object_kind="case-table", object_id=table.id, table_id=table.id
    )
    audit.record(session, None, entry)
