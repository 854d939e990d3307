"""What is published of how one organisation kept what was agreed in periods that are over.

The numbers are those of the one publication of the region's figures: nothing is told here that the
reports do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import checks
from app.access.oversight.ledger import Part
from app.access.oversight.telling import told_where
from app.domain.kinds import Measure
from app.domain.publication import Publication
from app.models import ClosedQuarter, ToldNumber


def of_organisation(session: Session, of: Sequence[Part]) -> Publication:
    """The publication as far as it is about the one organisation of these parts. Two statements."""
    checks.note()
    return told_where(
        session,
        frozenset(session.scalars(select(ClosedQuarter.first_on))),
        ToldNumber.measure == Measure.ACTIONS,
        ToldNumber.organisation_id.in_({one.organisation_id for one in of}),
    )
