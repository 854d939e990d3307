"""What is published of how one organisation kept what was agreed in periods that are over.

The numbers are those of the one publication of the region's figures. What may be told of the
actions of an organisation hangs together with nothing but its own numbers, so these alone are read;
nothing is told here that the reports do not tell.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.oversight.ledger import Part
from app.domain.kinds import Measure
from app.domain.publication import Publication, publication
from app.domain.related import Counted
from app.models import ClosedQuarter, FigureCell


def of_organisation(session: Session, of: Sequence[Part]) -> Publication:
    """The publication as far as it is about the one organisation of these parts. Two statements."""
    checks.note()
    closed = frozenset(session.scalars(select(ClosedQuarter.first_on)))
    rows = session.scalars(
        select(FigureCell).where(
            FigureCell.measure == Measure.ACTIONS,
            FigureCell.organisation_id.in_({one.organisation_id for one in of}),
        )
    )
    return publication(frozenset(map(_counted, rows)), closed, frozenset[tuple[uuid.UUID, str]]())


def _counted(cell: FigureCell) -> Counted:
    return Counted(
        cell.quarter_on,
        cell.table_id,
        cell.organisation_id,
        cell.measure,
        cell.category,
        cell.number,
    )
