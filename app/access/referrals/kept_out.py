"""Who may not see a case may not see the next one of the same people either, from its start.

Looks at one table alone, tells nobody, and costs the same whether or not anybody is known.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import (
    Select,
    String,
    Uuid,
    and_,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.functions import FunctionElement

from app.access import checks
from app.access import conditions as c
from app.domain.kinds import STAFF_ROLES
from app.infra import clock
from app.infra.db import UtcDateTime
from app.infra.wall import System, opened_for
from app.models import Case, Exclusion, IdentityMark, Recusal, Referral, TableRole


class _NewId(FunctionElement[uuid.UUID]):
    """A random id per row, made by the database."""

    type = Uuid()
    inherit_cache = True


@compiles(_NewId, "sqlite")
def _on_sqlite(_element: Any, _compiler: Any, **_more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return "lower(hex(randomblob(16)))"


@compiles(_NewId, "postgresql")
def _on_postgresql(_element: Any, _compiler: Any, **_more: Any) -> str:  # noqa: ANN401 - as above
    return "gen_random_uuid()"


def carry_over(session: Session, case: Case) -> None:
    """Bar from a new case whoever is barred from an earlier one of the same people or number.

    Earlier ones of its own table alone. It stands there as an exclusion without a reason, until
    when the earlier one stood, for staff to lift. Whoever referred the case and does not serve the
    table keeps its status: that it vanished would tell that it is about somebody known.
    """
    checks.note()
    session.flush()
    with opened_for(session, System.REFERRAL):
        session.execute(
            insert(Exclusion).from_select(
                ["id", "person_id", "case_id", "from_at", "until_at", "recorded_by_id"],
                _new_bars(case),
            )
        )


def _new_bars(case: Case) -> Select[Any]:
    """One row for everybody, of which the bar that lasts longest."""
    now = clock.now()
    bars = _bars(case).subquery()
    order = (bars.c.until_at.desc().nulls_first(), bars.c.recorded_by_id)
    ranked = select(
        bars, func.row_number().over(partition_by=bars.c.person_id, order_by=order).label("place")
    ).subquery()
    person = ranked.c.person_id
    own = exists().where(
        Exclusion.case_id == case.id,
        Exclusion.person_id == person,
        c.is_live(Exclusion.from_at, Exclusion.until_at, now),
    )
    serves = exists().where(
        TableRole.person_id == person,
        TableRole.table_id == case.table_id,
        TableRole.role.in_(STAFF_ROLES),
        c.is_live(TableRole.from_at, TableRole.until_at, now),
    )
    referred = exists().where(Referral.case_id == case.id, Referral.person_id == person)
    return select(
        _NewId(),
        person,
        literal(case.id, Uuid()),
        literal(now, UtcDateTime()),
        ranked.c.until_at,
        ranked.c.recorded_by_id,
    ).where(ranked.c.place == 1, ~own, or_(~referred, serves))


def _bars(case: Case) -> Any:  # noqa: ANN401 - two statements in one
    """Who is excluded from an earlier case, or stepped back there."""
    now, earlier = clock.now(), _earlier(case)
    return union_all(
        select(Exclusion.person_id, Exclusion.until_at, Exclusion.recorded_by_id).where(
            Exclusion.case_id.in_(earlier), c.is_live(Exclusion.from_at, Exclusion.until_at, now)
        ),
        select(Recusal.person_id, null(), Recusal.person_id).where(
            Recusal.case_id.in_(earlier), Recusal.lifted_at.is_(None)
        ),
    )


def _earlier(case: Case) -> Select[uuid.UUID]:
    """The other cases of the table that know somebody by the same mark, or the same number."""
    this, mark = aliased(IdentityMark), aliased(IdentityMark)
    is_marked = exists().where(
        and_(this.case_id == case.id, mark.mark == this.mark, mark.case_id == Case.id)
    )
    return select(Case.id).where(
        Case.table_id == case.table_id,
        Case.id != case.id,
        or_(is_marked, Case.imported_number == literal(case.imported_number, String())),
    )
