"""What a table agrees for its meetings: the statement with its versions, and the required roles.

Old statements stay with their dates: what somebody accepted is never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.kinds import RequiredRole
from app.infra import clock
from app.models import CaseTable, ConfidentialityText, TableQuorum


@dataclass(frozen=True, slots=True)
class Statement:
    """One version of the confidentiality statement, in use from ``from_at`` on."""

    version: int
    text_nl: str
    text_en: str
    from_at: datetime


def begin(session: Session, table: CaseTable, required: Collection[RequiredRole]) -> None:
    """A new table has its first statement and the required roles of its kind."""
    _keep_statement(session, table)
    require(session, table, required)


def new_version(session: Session, table: CaseTable) -> None:
    """The statement of a held table was changed: count on, and keep how it reads now."""
    table.confidentiality_version += 1
    _keep_statement(session, table)


def _keep_statement(session: Session, table: CaseTable) -> None:
    session.add(
        ConfidentialityText(
            table_id=table.id,
            version=table.confidentiality_version,
            text_nl=table.confidentiality_nl,
            text_en=table.confidentiality_en,
            from_at=clock.now(),
        )
    )


def require(session: Session, table: CaseTable, roles: Collection[RequiredRole]) -> None:
    """From now on exactly these roles have to be there; what was asked before keeps its dates."""
    now, asked = clock.now(), set(required_at(session, table))
    gone = asked - set(roles)
    ending = select(TableQuorum).where(
        TableQuorum.table_id == table.id,
        TableQuorum.until_at.is_(None),
        TableQuorum.role.in_(gone),
    )
    for one in session.scalars(ending):
        one.until_at = now
    session.flush()
    session.add_all(
        TableQuorum(table_id=table.id, role=role, from_at=now) for role in set(roles) - asked
    )


def required_at(session: Session, table: CaseTable) -> tuple[RequiredRole, ...]:
    """The required roles of a loaded table, in the order in which roles are always named."""
    found = set(
        session.scalars(
            select(TableQuorum.role).where(
                TableQuorum.table_id == table.id, TableQuorum.until_at.is_(None)
            )
        )
    )
    return tuple(role for role in RequiredRole if role in found)


def statements_of(session: Session, table: CaseTable) -> tuple[Statement, ...]:
    """Every version of a loaded table, the newest first."""
    rows = session.scalars(
        select(ConfidentialityText)
        .where(ConfidentialityText.table_id == table.id)
        .order_by(ConfidentialityText.version.desc())
    )
    return tuple(Statement(row.version, row.text_nl, row.text_en, row.from_at) for row in rows)
