"""What was counted once and for all, to lay beside what is counted anew."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from app.domain.kinds import Measure
from app.infra.db import reading
from app.models import FigureCell


def stored() -> Counter:
    with reading() as session:
        cells = list(session.scalars(select(FigureCell)))
    return Counter(
        {
            (
                c.quarter_on,
                c.measure.value,
                c.table_id,
                c.organisation_id,
                c.category,
            ): c.number
            for c in cells
            if c.measure is not Measure.ANNUAL
        }
    )
