"""What an administrator reads about kinds of table: as they hold, as they were, as they will be."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.administration.kinds_in_force import InForce, all_in_force, newest, of_code
from app.domain import presets
from app.domain.errors import NotVisible
from app.domain.kind_changes import Difference, differences
from app.domain.kind_document import KindDocument, Words, parse
from app.infra import clock
from app.infra.db import reading
from app.models import CaseTable, KindVersion, Person

Made = tuple[KindVersion, str]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind in the list; ``waits_from`` is when the next planned change begins to hold."""

    code: str
    name: Words
    advice: Words
    tables: int
    number: int
    is_own: bool
    waits_from: datetime | None


@dataclass(frozen=True, slots=True)
class TableName:
    """A table of the kind."""

    table_id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: who made it, from when it holds and what it changed; number 0 ships."""

    number: int
    from_at: datetime | None
    made_at: datetime | None
    made_by: str
    waits: bool
    changed: tuple[Difference, ...]
    takes_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPage:
    """One version of a kind with its history, the newest first."""

    code: str
    number: int
    in_force: int
    document: KindDocument
    tables: tuple[TableName, ...]
    versions: tuple[VersionRow, ...]
    documents: Mapping[int, KindDocument]


@dataclass(frozen=True, slots=True)
class KindToChange:
    """The newest version of a kind, from which a change starts."""

    number: int
    from_at: datetime | None
    document: KindDocument
    tables: tuple[TableName, ...]


def list_kinds() -> tuple[KindRow, ...]:
    """Every kind as it holds now. Three statements, however many there are."""
    now = clock.now()
    with reading() as session:
        kinds = all_in_force(session, now)
        counted = _tables_by_code(session)
        planned = session.scalars(
            select(KindVersion).where(KindVersion.from_at > now).order_by(KindVersion.number.desc())
        )
        waiting = _waiting(planned.all(), kinds)
    return tuple(
        KindRow(
            code,
            one.document.name,
            one.document.advice,
            counted.get(code, 0),
            one.number,
            code not in presets.SHIPPED,
            waiting.get(code),
        )
        for code, one in kinds.items()
    )


def _waiting(
    planned: Sequence[KindVersion], kinds: Mapping[str, InForce]
) -> Mapping[str, datetime]:
    """From when a kind is to be otherwise, by code; not where that was withdrawn."""
    last = {row.kind_code: parse(row.document) for row in reversed(planned)}
    first = {row.kind_code: row.from_at for row in planned}
    return {code: at for code, at in first.items() if last[code] != kinds[code].document}


def kind_page(code: str, asked: int | None) -> KindPage:
    """One kind as it holds now, or as the asked version says. NotVisible."""
    now = clock.now()
    with reading() as session:
        current = of_code(session, code, now)
        rows = _versions(session, code)
        tables = _tables_of(session, code)
    documents = {row.number: parse(row.document) for row, _name in rows}
    if code in presets.SHIPPED:
        documents[0] = presets.SHIPPED[code]
    number = current.number if asked is None else asked
    if number not in documents:
        raise NotVisible
    return KindPage(
        code=code,
        number=number,
        in_force=current.number,
        document=documents[number],
        tables=tables,
        versions=_history(rows, documents, now),
        documents=documents,
    )


def kind_to_change(code: str) -> KindToChange:
    """The newest version of a kind. NotVisible."""
    with reading() as session:
        last = newest(session, code)
        return KindToChange(last.number, last.from_at, last.document, _tables_of(session, code))


def kind_names() -> Mapping[str, Words]:
    """The names of all kinds as they hold now."""
    with reading() as session:
        return {code: one.document.name for code, one in all_in_force(session, clock.now()).items()}


def _versions(session: Session, code: str) -> Sequence[Made]:
    rows = session.execute(
        select(KindVersion, Person.name)
        .join(Person, Person.id == KindVersion.made_by_id)
        .where(KindVersion.kind_code == code)
        .order_by(KindVersion.number.desc())
    )
    return [(version, name) for version, name in rows]


def _history(
    rows: Sequence[Made], documents: Mapping[int, KindDocument], now: datetime
) -> tuple[VersionRow, ...]:
    made = tuple(
        VersionRow(
            version.number,
            version.from_at,
            version.made_at,
            name,
            version.from_at > now,
            _changed(documents, version.number),
            takes_back=number + 1 < len(rows)
            and rows[number + 1][0].from_at == version.from_at
            and documents.get(version.number - 2) == documents[version.number],
        )
        for number, (version, name) in enumerate(rows)
    )
    shipped = VersionRow(0, None, None, "", waits=False, changed=())
    return (*made, shipped) if 0 in documents else made


def _changed(documents: Mapping[int, KindDocument], number: int) -> tuple[Difference, ...]:
    before = documents.get(number - 1)
    return differences(before, documents[number]) if before is not None else ()


def _tables_by_code(session: Session) -> Mapping[str, int]:
    rows = session.execute(
        select(CaseTable.kind_code, CaseTable.kind, func.count())
        .where(CaseTable.ended_at.is_(None))
        .group_by(CaseTable.kind_code, CaseTable.kind)
    )
    return {code or kind.value: number for code, kind, number in rows}


def _tables_of(session: Session, code: str) -> tuple[TableName, ...]:
    rows = session.scalars(
        select(CaseTable).where(CaseTable.ended_at.is_(None)).order_by(CaseTable.name)
    )
    return tuple(
        TableName(one.id, one.name) for one in rows if (one.kind_code or one.kind.value) == code
    )
