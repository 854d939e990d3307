"""Loads a coordinator's list of cases; numbers that exist are passed over, nothing is guessed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, case_scopes
from app.domain.imports import CaseImport, read_case_rows
from app.features.imports.case_loader import CaseLoader, CaseTypes
from app.features.imports.preview import (
    KIND_WORDS,
    Does,
    Effect,
    GoodLine,
    Preview,
    tables_by_name,
)
from app.features.imports.uploads import digest_of
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.sheets import read_sheet
from app.models import CaseTable, SectionType


@dataclass(frozen=True, slots=True)
class _Known:
    """What a row may refer to."""

    tables: dict[str, CaseTable]
    organisations: dict[str, uuid.UUID]
    names: dict[str, str]
    numbers: frozenset[str]
    section_types: dict[uuid.UUID, CaseTypes]


def own_tables(actor: Actor) -> tuple[str, ...]:
    """The tables whose cases the actor may load, by name."""
    with reading() as session:
        return tuple(table.name for table in session.scalars(case_scopes.served_tables(actor)))


def preview_cases(actor: Actor, data: bytes) -> Preview:
    """What loading would do; SheetError when the file is no sheet."""
    with reading() as session:
        known = _known(session, actor)
        found = _read(known, data)
    return _preview(known, found, data)


def load_cases(actor: Actor, data: bytes) -> Preview:
    """Load the good rows in one unit of work; numbers that exist are passed over."""
    with transaction() as session:
        known = _known(session, actor)
        found = _read(known, data)
        loader = CaseLoader(session, actor)
        for row in found.good:
            table = known.tables[row.table]
            loader.add(
                row,
                table=table,
                source_id=known.organisations[row.referred_by],
                types=known.section_types[table.id],
            )
        loader.store()
    return _preview(known, found, data)


def _preview(known: _Known, found: CaseImport, data: bytes) -> Preview:
    new = [
        GoodLine(
            row.number,
            row.case_number,
            (Does(Effect.ADDS_CASE, known.tables[row.table].name),),
            row.warnings,
        )
        for row in found.good
    ]
    present = [GoodLine(number, "", (), ()) for number in found.present]
    return Preview(
        digest=digest_of(data),
        good=tuple(sorted([*new, *present], key=lambda line: line.number)),
        bad=found.bad,
        missing_columns=found.missing_columns,
    )


def _known(session: Session, actor: Actor) -> _Known:
    tables = session.scalars(case_scopes.served_tables(actor)).all()
    ids = [table.id for table in tables]
    organisations = session.scalars(case_scopes.participants(*ids)).all()
    types = session.scalars(
        select(SectionType)
        .where(SectionType.table_id.in_(ids), SectionType.is_input.is_(False))
        .order_by(SectionType.position)
    ).all()
    return _Known(
        tables=tables_by_name(tables, KIND_WORDS),
        organisations={one.code: one.id for one in organisations},
        names={one.code: one.name for one in organisations},
        numbers=case_scopes.imported_numbers(session, ids),
        section_types={
            table_id: CaseTypes(
                identity=_first(types, table_id, is_identity=True),
                summary=_first(types, table_id, is_identity=False),
            )
            for table_id in ids
        },
    )


def _first(
    types: Sequence[SectionType], table_id: uuid.UUID, *, is_identity: bool
) -> SectionType | None:
    return next(
        (one for one in types if one.table_id == table_id and one.is_identity == is_identity), None
    )


def _read(known: _Known, data: bytes) -> CaseImport:
    return read_case_rows(
        read_sheet(data),
        today=clock.today(),
        known_tables=list(known.tables),
        known_organisations=known.names,
        existing_numbers=known.numbers,
    )
