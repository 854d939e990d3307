"""What is past its term at every table, for the command line: numbers in steps, never which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.access.lifecycle import retention, runs, words
from app.domain.small_counts import coarse, coarse_all
from app.infra import clock
from app.infra.db import reading
from app.models import CaseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a command line says of one table; numbers at or under what is there."""

    table: str
    due: Mapping[str, int]
    held: int
    is_waiting: bool


def plan() -> list[Planned]:
    """Every table with what is past its term."""
    with reading() as session:
        tables = session.scalars(select(CaseTable).order_by(CaseTable.name)).all()
        ids = [table.id for table in tables]
        terms = retention.terms_of(session, ids)
        kept = retention.kept_of_tables(session, ids, terms)
        written = words.words_of_tables(session, ids, terms)
        waiting = runs.tables_waiting(session)
    today = clock.today()
    found = []
    for table in tables:
        of_table = [one for one in kept if one.table_id == table.id]
        due = Counter(one.retention.value for one in of_table if one.is_due(today))
        due[runs.REPLIES] = sum(one.table_id == table.id and one.is_due(today) for one in written)
        found.append(
            Planned(
                table=table.name,
                due=coarse_all(due),
                held=coarse(len({one.case_id for one in of_table if one.is_held})),
                is_waiting=table.id in waiting,
            )
        )
    return found
