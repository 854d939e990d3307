"""The figures of a year are counted as the kinds say, of every case."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.access.oversight import figures
from app.domain import presets
from app.domain.figures import year_of
from app.domain.kind_document import dump
from app.domain.kinds import TableKind, TableRoleName
from app.infra import clock
from app.infra.db import reading
from app.models import (
    CaseTable,
    DailyCount,
    ExclusionOrder,
    Handover,
    ItemOutcome,
    KindVersion,
)
from tests import builders
from tests.seats import change


def outcome(of, item, by, code: str, **more) -> None:
    builders.save(
        ItemOutcome(
            **{"item_id": item.id, "case_id": of.id, "table_id": of.table_id, "code": code,
               "recorded_by_id": by.id, "recorded_at": clock.now(), **more}
        )
    )  # fmt: skip


def discussed(world, at, *, codes=(), **more):
    case = builders.case(at, world.host)
    item = builders.item(builders.meeting(at), case, **more)
    for code in codes:
        outcome(case, item, world.chair, code)
    return case


@pytest.fixture
def zsm(app):
    """The other table is one of ZSM, and the coordinator serves it as well."""
    world = builders.small_world()
    change(CaseTable, CaseTable.id == world.other_table.id, kind=TableKind.ZSM)
    builders.role(world.coordinator, world.other_table, TableRoleName.COORDINATOR)
    return world


def numbers(year: int = 2026) -> dict[str, int]:
    with reading() as session:
        return {
            figure.code: figure.number
            for kind in figures.of_region(session, year_of(year))
            for figure in kind.figures
        }


def test_a_case_counts_once_and_a_barred_one_too(zsm):
    world, at = zsm, zsm.other_table
    with builders.together():
        advised = [discussed(world, at, codes=("advice-given",)) for _ in range(6)]
        discussed(world, at, codes=("no-advice",))
        discussed(world, at, closed_at=clock.now())
    # Discussed twice, advised twice: one case. Not yet discussed, taken back, last year: none.
    again = builders.item(builders.meeting(at), advised[0])
    outcome(advised[0], again, world.chair, "advice-given")
    discussed(world, at)
    late = builders.case(at, world.host)
    item = builders.item(builders.meeting(at), late)
    outcome(late, item, world.chair, "advice-given", taken_back_at=clock.now())
    # What was said a year ago and put right now belongs to that year; what was called off to none.
    held = builders.meeting(at, starts_at=builders.MEETING_START - timedelta(days=365))
    outcome(late, builders.item(held, late), world.chair, "advice-given")
    off = builders.meeting(at, cancelled_at=clock.now())
    outcome(late, builders.item(off, late), world.chair, "advice-given")
    builders.exclusion(world.coordinator, advised[1], world.stranger)
    assert numbers()["zsm-cases"] == 8
    assert numbers()["zsm-advices"] == 6
    assert (numbers(2025)["zsm-cases"], numbers(2025)["zsm-advices"]) == (1, 1)
    # A kind that was added this year stands in the figures of the years before it as it began.
    made = {"made_by_id": world.chair.id, "made_at": clock.now()}
    document = dump(replace(presets.SHIPPED["zsm"], code="own", figures=()))
    builders.save(
        KindVersion(kind_code="own", number=1, from_at=clock.now(), document=document, **made)
    )
    change(CaseTable, CaseTable.id == world.table.id, kind=TableKind.ZSM, kind_code="own")
    assert numbers(2025)["zsm-cases"] == 1


def test_a_case_that_came_from_elsewhere_was_received_at_both(zsm):
    world = zsm
    change(CaseTable, CaseTable.id == world.table.id, kind=TableKind.SAFETY_HOUSE)
    change(CaseTable, CaseTable.id == world.other_table.id, kind=TableKind.ON_THE_SPOT)
    moved = builders.case(world.table, world.host)
    with builders.together():
        for one in [builders.case(world.table, world.host) for _ in range(3)]:
            builders.exclusion(world.coordinator, one, world.chair)
    builders.save(
        Handover(
            case_id=moved.id, from_table_id=world.other_table.id, to_table_id=world.table.id,
            proposed_by_id=world.stranger.id, proposed_at=clock.now(), due_at=clock.now(),
            accepted_at=clock.now(), accepted_by_id=world.chair.id,
        )
    )  # fmt: skip
    assert numbers()["safety-house-submissions"] == 6
    assert numbers()["on-the-spot-cases"] == 1


def test_an_order_counts_where_it_was_served_wherever_its_case_went(zsm):
    world = zsm
    change(CaseTable, CaseTable.id == world.other_table.id, kind=TableKind.EXCLUSION_ORDER)
    case = builders.case(world.table, world.host)
    builders.save(
        ExclusionOrder(
            case_id=case.id, table_id=world.other_table.id, served_at=clock.now(),
            ends_at=clock.now(), recorded_by_id=world.chair.id,
        )
    )  # fmt: skip
    assert numbers()["exclusion-orders"] == 1


def test_chats_are_summed_over_the_year_of_amsterdam(zsm):
    world = zsm
    change(CaseTable, CaseTable.id == world.other_table.id, kind=TableKind.SCREENING)
    for day, amount in ((date(2026, 1, 1), 4), (date(2026, 12, 31), 3), (date(2025, 12, 31), 9)):
        builders.save(
            DailyCount(
                table_id=world.other_table.id, code="chats", counted_on=day, amount=amount,
                recorded_by_id=world.stranger.id, recorded_at=clock.now(),
            )
        )  # fmt: skip
    assert numbers()["chats"] == 7
    assert (year_of(2026).since.isoformat(), year_of(2026).until.isoformat()) == (
        "2025-12-31T23:00:00+00:00",
        "2026-12-31T23:00:00+00:00",
    )
