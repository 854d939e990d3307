"""A report as the pages get it: two quarters of a small region, some of it not told."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.access.oversight import reports
from app.domain.kind_document import Words
from app.domain.kinds import Measure
from app.domain.report import (
    WHOLE,
    AllPresent,
    Attended,
    Choice,
    Group,
    Line,
    Part,
    Report,
    ReportScope,
    Span,
    Told,
    Unit,
    Worked,
)
from tests import builders

YEAR = Span(date(2026, 1, 1), 4)
QUARTERS = tuple(Span(one) for one in YEAR.quarter_days)
COLUMNS = (*QUARTERS, YEAR)


def line(code: str, *numbers: int | None, unit: Unit = Unit.COUNT, **more) -> Line:
    return Line(code, unit, tuple(map(Told, numbers)), **more)


PARTS = (
    Part(Measure.MEETINGS, COLUMNS, (Group(None, (line(WHOLE, 11, 12, 13, 12, 48),)),)),
    Part(
        Measure.LEAD_DAYS,
        COLUMNS,
        (
            Group(
                None,
                (
                    line(WHOLE, 30, None, None, 41, 140),
                    line(Worked.MEDIAN, 12, 11, None, 8, 10, unit=Unit.DAYS),
                    line(Worked.P90, 30, 28, None, 20, 26, unit=Unit.DAYS),
                ),
            ),
        ),
    ),
    Part(
        Measure.ALL_PRESENT,
        COLUMNS,
        (
            Group(
                None,
                (
                    line(AllPresent.ALL, 20, 22, None, 36, 101),
                    line(AllPresent.NOT_ALL, 10, 9, None, 5, 39),
                    line(Worked.SHARE, 67, 71, None, 88, 72, unit=Unit.PERCENT),
                ),
            ),
        ),
    ),
    Part(
        Measure.ATTENDANCE,
        COLUMNS,
        tuple(
            Group(
                Words(name, name),
                (
                    line(Attended.PRESENT, 20, 22, None, 36, total),
                    line(Attended.DEPUTY, 0, 0, None, 6, None),
                    line(Attended.ABSENT, 5, 0, 0, 0, 5),
                ),
            )
            for name, total in (("=Gemeente Voorbeeldstad", 101), ("Politie", 88))
        ),
    ),
    Part(
        Measure.ANNUAL,
        COLUMNS,
        (
            Group(
                Words("MDA++", "MDA++"),
                (line("mda-cases", 9, 8, 7, 6, 30, words=Words("besproken", "discussed")),),
            ),
            Group(
                Words("ZSM", "ZSM"),
                (
                    line("zsm-cases", 9, 8, 7, 6, 30, words=Words("casussen", "cases")),
                    line("zsm-advices", 5, 5, 5, 5, 20, words=Words("adviezen", "advices")),
                ),
            ),
        ),
    ),
    Part(Measure.HANDOVERS, COLUMNS, ()),
)


@dataclass
class Published:
    """What there is: the world whose tables it is about, and what was asked for."""

    world: builders.World
    asked: list[ReportScope | None]
    parts: tuple[Part, ...] = PARTS


@pytest.fixture
def published(app, monkeypatch) -> Published:
    world = builders.small_world()
    there = Published(world, [])

    def report(_session, _actor, scope: ReportScope | None) -> Report:
        reports.checks.note()
        there.asked.append(scope)
        scope = scope or ReportScope(YEAR)
        narrow = tuple(
            replace(
                part,
                columns=(scope.span,),
                groups=tuple(
                    replace(one, lines=tuple(replace(at, cells=at.cells[-1:]) for at in one.lines))
                    for one in part.groups
                ),
            )
            for part in there.parts
        )
        return Report(
            scope,
            there.parts if scope.span.quarters == YEAR.quarters else narrow,
            (YEAR, Span(date(2025, 1, 1), 4)),
            (Choice(world.table.id, world.table.name),),
            (Choice(world.host.id, world.host.name),),
            date(2027, 4, 15),
        )

    monkeypatch.setattr(reports, "report", report)
    monkeypatch.setattr(reports, "of_region", lambda session, scope: report(session, None, scope))
    return there


def no_table() -> str:
    return str(uuid.UUID(int=7))
