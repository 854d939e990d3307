"""Which version of its kind holds for a table at a moment; it must never change one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app.domain import presets
from app.domain.errors import NotVisible
from app.domain.kind_document import KindDocument, parse
from app.models import CaseTable, KindVersion


@dataclass(frozen=True, slots=True)
class InForce:
    """A kind as it holds; number 0 is what ships with the product."""

    number: int
    document: KindDocument


def code_of(table: CaseTable) -> str:
    """The kind a table is of."""
    return table.kind_code or table.kind.value


def in_force(session: Session, table: CaseTable, at: datetime) -> InForce:
    """The version of a table's kind that holds at ``at``. One statement."""
    return of_code(session, code_of(table), at)


def of_code(session: Session, code: str, at: datetime) -> InForce:
    """The version of a kind that holds at ``at``. One statement; NotVisible for no such kind.

    Before its first version a kind of the product's own is what ships; an added one as it began.
    """
    holds = KindVersion.from_at <= at
    found = session.scalars(
        select(KindVersion)
        .where(KindVersion.kind_code == code)
        .order_by(
            case((holds, 0), else_=1),
            case((holds, KindVersion.from_at)).desc(),
            case((holds, KindVersion.number)).desc(),
            KindVersion.number,
        )
        .limit(1)
    ).first()
    if found is not None and (found.from_at <= at or code not in presets.SHIPPED):
        return _read(found)
    return _shipped(code)


def all_in_force(session: Session, at: datetime) -> Mapping[str, InForce]:
    """Every kind as it holds at ``at``, by code: what ships first, then what was added.

    Before its first version an added kind is read as it began, as in ``of_code``.
    """
    rows = session.scalars(select(KindVersion).order_by(KindVersion.from_at, KindVersion.number))
    read: dict[str, KindVersion] = {}
    for row in rows:
        began = row.kind_code in read or row.kind_code in presets.SHIPPED
        if row.from_at <= at or not began:
            read[row.kind_code] = row
    found = {code: _shipped(code) for code in presets.SHIPPED}
    return found | {code: _read(read[code]) for code in sorted(read)}


@dataclass(frozen=True, slots=True)
class Newest:
    """The last version of a kind, whether it holds already or not; ``from_at`` None: it ships."""

    number: int
    from_at: datetime | None
    document: KindDocument


def newest(session: Session, code: str) -> Newest:
    """The last version of a kind, which a change starts from. One statement; NotVisible."""
    row = session.scalars(
        select(KindVersion)
        .where(KindVersion.kind_code == code)
        .order_by(KindVersion.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return Newest(0, None, _shipped(code).document)
    return Newest(row.number, row.from_at, parse(row.document))


def version_of(session: Session, table: CaseTable, number: int) -> InForce:
    """A version something was recorded under, whatever holds now."""
    found = session.get(KindVersion, (code_of(table), number)) if number else None
    return _read(found) if found is not None else _shipped(code_of(table))


def document_before(session: Session, version: KindVersion) -> KindDocument:
    """What a version changed: the one before it, or what shipped; of an added kind, itself."""
    before = session.get(KindVersion, (version.kind_code, version.number - 1))
    if before is None and version.kind_code not in presets.SHIPPED:
        return parse(version.document)
    return parse(before.document) if before is not None else presets.SHIPPED[version.kind_code]


def is_withdrawal(session: Session, version: KindVersion) -> bool:
    """Whether a version takes back the one before it: from its day on all is as it was."""
    taken = session.get(KindVersion, (version.kind_code, version.number - 1))
    return (
        taken is not None
        and taken.from_at == version.from_at
        and document_before(session, taken) == parse(version.document)
    )


def _read(row: KindVersion) -> InForce:
    return InForce(row.number, _parsed(row.document))


@lru_cache(maxsize=64)
def _parsed(text: str) -> KindDocument:
    """A stored document never changes, and reading one takes some milliseconds."""
    return parse(text)


def _shipped(code: str) -> InForce:
    if code not in presets.SHIPPED:
        raise NotVisible
    return InForce(0, presets.SHIPPED[code])
