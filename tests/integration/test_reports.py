"""Quarters are counted once, as a naive pass over the rows counts them, and never change again."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, inspect, select, update
from sqlalchemy.exc import IntegrityError

from app.access import load_actor
from app.access.oversight import quarter_counts, reports
from app.domain.errors import NotVisible
from app.domain.kinds import (
    ActionState,
    InputAnswer,
    Measure,
    OrganisationKind,
    PresenceState,
    ReferralState,
    TableKind,
)
from app.domain.local_time import local_date
from app.domain.report import ReportScope, Span, later
from app.features.reports import closing
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import (
    Action,
    ActionEvent,
    AgendaItem,
    AuditEvent,
    Case,
    CaseTable,
    ClosedQuarter,
    FigureCell,
    Handover,
    InputRequest,
    Meeting,
    Referral,
    Seat,
    TermRequest,
    ToldNumber,
)
from tests import builders
from tests.integration.reports.stored import stored
from tests.integration.reports.told_anew import told_anew
from tests.quarters import tell
from tests.seats import change
from tests.statements import counted

NOW = datetime(2027, 1, 15, 9, tzinfo=UTC)
FIRST = datetime(2026, 1, 1, 9, tzinfo=UTC)
HAS = st.booleans()
DAYS = st.integers(5, 180)
SEATS = st.tuples(
    st.sampled_from((None, *PresenceState)), HAS, st.sampled_from((None, -2, 0, 3)), HAS
)
ITEMS = st.tuples(DAYS, st.integers(0, 1), st.integers(0, 2), HAS, st.lists(SEATS, max_size=3))
ACTIONS = st.tuples(
    st.integers(0, 2), DAYS, st.sampled_from(tuple(ActionState)), st.integers(-9, 9), HAS
)
REFERRALS = st.tuples(st.integers(0, 2), DAYS, st.integers(0, 40), HAS)
REGIONS = st.tuples(
    st.lists(ITEMS, max_size=8), st.lists(ACTIONS, max_size=6), st.lists(REFERRALS, max_size=3)
)
EVERYTHING = (
    ToldNumber, FigureCell, ClosedQuarter, TermRequest, ActionEvent, Action, InputRequest, Seat, Handover, Referral,
    AgendaItem, Meeting,
)  # fmt: skip


def lay(world, region) -> None:
    """Store an invented region in place of the one before it."""
    with transaction() as session:
        for model in EVERYTHING:
            session.execute(delete(model))
        session.execute(update(Case).values(created_at=FIRST))
    with builders.together():
        _lay(world, *region)


def _lay(world, items, actions, referrals) -> None:
    cases = world.counted_cases
    rows = []
    for number, (days, at, about, is_closed, seats) in enumerate(items):
        starts_at = FIRST + timedelta(days=days, minutes=number)
        ended_at = starts_at + timedelta(minutes=31) if is_closed else None
        # In the last month what was planned did not go on.
        meeting = builders.meeting(
            world.tables[at], starts_at=starts_at, closed_at=ended_at,
            cancelled_at=starts_at if days > 150 else None,
        )  # fmt: skip
        item = builders.item(meeting, cases[about], closed_at=ended_at, opened_at=starts_at)
        for place, (presence, invited, answered, counts) in enumerate(seats):
            seat = builders.seat(
                item, world.partners[place], presence=presence,
                invited_at=starts_at if invited else None,
                removed_at=None if counts else starts_at,
            )  # fmt: skip
            due = starts_at - timedelta(days=3)
            done = None if answered is None else due + timedelta(days=answered)
            rows.append(
                InputRequest(
                    seat_id=seat.id, asked_by_id=world.chair.id, asked_at=FIRST, deadline_at=due,
                    answer=InputAnswer.TEXT if done else None, answered_at=done,
                )
            )  # fmt: skip
    fixed = builders.item(builders.meeting(world.tables[0], starts_at=FIRST), cases[0])
    for holder, days, state, after, asked in actions:
        due = FIRST + timedelta(days=days)
        over = state not in (ActionState.OPEN, ActionState.STARTED)
        made = builders.action(
            fixed, world.partners[holder], None, world.chair, due_on=local_date(due), state=state,
            finished_at=due + timedelta(days=after) if over else None,
        )  # fmt: skip
        if asked:
            event = builders.save(
                ActionEvent(action_id=made.id, at=due, recorded_by_id=world.chair.id)
            )
            rows.append(
                TermRequest(
                    action_id=made.id, event_id=event.id, asked_by_id=world.chair.id, asked_at=due,
                    until_on=local_date(due),
                )
            )  # fmt: skip
    for about, (source, days, later_on, decided) in enumerate(referrals):
        sent = FIRST + timedelta(days=days)
        rows.append(
            Referral(
                case_id=cases[about].id, table_id=world.tables[0].id, person_id=world.chair.id,
                organisation_id=world.partners[source].id, started_at=sent, changed_at=sent,
                sent_at=sent, decided_at=sent + timedelta(days=later_on) if decided else None,
                state=ReferralState.ACCEPTED if decided else ReferralState.SENT,
            )
        )  # fmt: skip
    builders.save_all(*rows)


@pytest.fixture
def world(app, frozen_clock):
    with builders.together():
        host, police, care = (
            builders.organisation("GEM", OrganisationKind.MUNICIPALITY),
            builders.organisation("POL", OrganisationKind.POLICE),
            builders.organisation("GGZ", OrganisationKind.MENTAL_HEALTH),
        )
        tables = [builders.table(), builders.table("ZSM Deltaland", "ZSM")]
        chair = builders.chair(host, tables[0])
        cases = [builders.case(tables[0], host) for _ in range(3)]
    frozen_clock.moment = NOW
    return SimpleNamespace(
        tables=tables, partners=[host, police, care], chair=chair, counted_cases=cases
    )


@settings(max_examples=settings.default.max_examples // 10)
@given(region=REGIONS)
def test_what_is_stored_is_what_a_naive_pass_counts(world, region):
    lay(world, region)
    closing.close_due()
    assert stored() == told_anew().cells(Span(FIRST.date(), 4).quarter_days)


def test_a_quarter_is_counted_once_and_nothing_changes_it_afterwards(world, frozen_clock):
    change(CaseTable, CaseTable.id == world.tables[1].id, kind=TableKind.ZSM)
    days = [5, 20, 95, 100, 185, 190, 200]
    seen = [(PresenceState.PRESENT, True, 0, True), (PresenceState.ABSENT, True, None, True)]
    lay(world, ([(day, 1, day % 2, True, seen) for day in days], [], []))
    frozen_clock.moment = datetime(2026, 4, 14, 9, tzinfo=UTC)
    assert closing.close_due() == 0
    frozen_clock.moment = NOW
    assert closing.close_due() == 4
    assert closing.close_due() == 0
    before = stored()
    with reading() as session:
        annual = [one for one in session.scalars(select(FigureCell)) if one.measure == "annual"]
    # Two cases were discussed, seven times: the year counts each in the quarter it came first.
    assert {(c.quarter_on, c.category, c.number) for c in annual} == {
        (date(2026, 1, 1), "zsm-cases", 2)
    }
    with transaction() as session:
        session.execute(delete(InputRequest))
        session.execute(delete(Seat))
        session.execute(update(AgendaItem).values(case_id=None))
        session.execute(delete(Case).where(Case.id == world.counted_cases[2].id))
    assert closing.close_due() == 0
    assert stored() == before


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_of_two_workers_that_count_at_once_one_keeps_it(app, world, monkeypatch):
    """The other one finds it closed when it wants to keep what it counted, and keeps nothing."""
    lay(world, ([(1, 0, 0, True, [])], [], []))
    count, later_ones = quarter_counts.counted, iter((1,))

    def while_it_counts(session, period):
        for _ in later_ones:
            with ThreadPoolExecutor(1) as pool:
                assert pool.submit(closed_meanwhile, app).result() == 4
        return count(session, period)

    monkeypatch.setattr(quarter_counts, "counted", while_it_counts)
    with pytest.raises(IntegrityError):
        closing.close_due()
    monkeypatch.undo()
    assert closing.close_due() == 0
    assert stored() == told_anew().cells(Span(FIRST.date(), 4).quarter_days)


def closed_meanwhile(app) -> int:
    with app.app_context():
        return closing.close_due()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_quarter_is_counted_as_of_one_moment(app, world, monkeypatch):
    """What is stored while it is counted is in none of its numbers, instead of in some of them."""
    lay(world, ([(1, 0, 0, True, [])], [], []))
    before = told_anew().cells(Span(FIRST.date(), 4).quarter_days)
    count, later_ones = quarter_counts.counted, iter((2, 3))

    def while_it_counts(session, period):
        for day in later_ones:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(laid_meanwhile, app, world, day).result()
        return count(session, period)

    monkeypatch.setattr(quarter_counts, "counted", while_it_counts)
    closing.close_due()
    assert next(later_ones, None) is None
    assert stored() == before


def laid_meanwhile(app, world, day: int) -> None:
    at = FIRST + timedelta(days=day)
    with app.app_context():
        builders.meeting(world.tables[0], starts_at=at, closed_at=at)


def all_told(*, until: date) -> set[tuple]:
    """Every row of what was told with the quarters until a day, whole."""
    columns = inspect(ToldNumber).columns
    with reading() as session:
        rows = session.scalars(select(ToldNumber).where(ToldNumber.closed_on <= until))
        return {tuple(getattr(one, name.key) for name in columns) for one in rows}


def test_what_was_told_stays_whatever_is_counted_or_closed_later(world, frozen_clock):
    present = [(PresenceState.PRESENT, True, 0, True)]
    seats = [(day, day % 2, day % 3, True, present) for day in range(0, 150, 2)]
    lay(world, (seats, [(0, day, ActionState.DONE, 0, False) for day in range(5, 90, 3)], []))
    frozen_clock.moment = datetime(2026, 7, 20, 9, tzinfo=UTC)
    assert closing.close_due() == 2
    until = date(2026, 4, 1)
    before = all_told(until=until)
    reports_before = [seen_by(world.chair, ReportScope(Span(day))) for day in (FIRST.date(), until)]
    assert {number for *_, number in before} - {None}
    # Were it all counted otherwise by now: nobody is told so.
    change(FigureCell, number=FigureCell.number + 3)
    frozen_clock.moment = datetime(2027, 1, 20, 9, tzinfo=UTC)
    assert closing.close_due() == 2
    assert all_told(until=until) == before
    after = [seen_by(world.chair, ReportScope(Span(day))) for day in (FIRST.date(), until)]
    assert [one.parts for one in after] == [one.parts for one in reports_before]
    year = seen_by(world.chair, ReportScope(Span(FIRST.date(), 4)))
    whole = told(year, Measure.MEETINGS)[""]
    assert whole[:2] == [told(one, Measure.MEETINGS)[""][0] for one in reports_before]
    # What is read are these rows alone.
    with transaction() as session:
        session.execute(delete(FigureCell))
    assert seen_by(world.chair, ReportScope(Span(FIRST.date(), 4))) == year


def told(report, measure) -> dict[str, list[str]]:
    [part] = [one for one in report.parts if one.measure is measure]
    return {line.code: [one.text for one in line.cells] for line in part.groups[0].lines}


def test_readers_see_parts_of_one_publication(world, frozen_clock):
    with builders.together():
        officer = builders.person(world.partners[0], is_privacy_officer=True)
        stranger = builders.chair(world.partners[1], world.tables[1])
    present = [(PresenceState.PRESENT, True, 0, True)]
    lay(
        world,
        ([(day, day % 2, day % 3, True, present) for day in range(60)]
         + [(day, 0, 0, True, present) for day in (95, 96)], [], []),
    )  # fmt: skip
    first = Span(date(2026, 1, 1))
    assert seen_by(world.chair, None).parts == ()
    frozen_clock.moment = datetime(2026, 7, 20, 9, tzinfo=UTC)
    closing.close_due()
    chair = seen_by(world.chair, ReportScope(first, world.tables[0].id))
    other = seen_by(stranger, ReportScope(first, world.tables[1].id))
    region = seen_by(world.chair, ReportScope(first))
    assert told(chair, Measure.MEETINGS) == {"": ["30"]}
    assert (
        told(region, Measure.MEETINGS)
        == {"": ["60"]}
        == told(seen_by(stranger, ReportScope(first)), Measure.MEETINGS)
    )
    assert told(other, Measure.CASES) == {"": ["30"], "new": ["–"], "repeat": ["–"], "again": ["0"]}
    assert told(region, Measure.ALL_PRESENT)["share"] == ["–"]
    assert told(region, Measure.LEAD_DAYS)["p90"] == ["–"]
    assert told(region, Measure.MINUTES) == {"mean": ["31"]}
    # Two meetings in the second quarter: neither there nor in the two together.
    both = seen_by(world.chair, ReportScope(Span(first.first_on, 2)))
    assert told(both, Measure.MEETINGS) == {"": ["60", "–", "–"]}
    assert {one.name for one in seen_by(officer, None).tables} == {
        "MDA++ Deltaland", "ZSM Deltaland"
    }  # fmt: skip
    assert [one.id for one in chair.tables] == [world.tables[0].id]
    assert chair.next_on == date(2026, 10, 15)
    for scope in (
        ReportScope(first, world.tables[1].id),
        ReportScope(later_span(first, 2)),
        ReportScope(first, None, uuid.uuid4()),
    ):
        with pytest.raises(NotVisible):
            seen_by(world.chair, scope)
    with reading() as session:
        kinds = set(session.scalars(select(AuditEvent.object_kind)))
    assert "report" in kinds


def seen_by(person, scope):
    with transaction() as session:
        actor = load_actor(session, person.id, now=clock.now())
        return reports.report(session, actor, scope)


def later_span(span, quarters):
    return Span(later(span.first_on, quarters))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_a_report_costs_does_not_grow(world, frozen_clock):
    lay(world, ([(1, 0, 0, True, [])], [], []))
    closing.close_due()
    with counted() as few:
        seen_by(world.chair, None)
    rows = [
        FigureCell(
            quarter_on=date(2026, 4, 1), table_id=at.id, organisation_id=of.id,
            measure=Measure.ACTIONS, category=category, number=number,
        )
        for at in world.tables
        for of in world.partners
        for number, category in enumerate(("in-time", "late", "silent"), start=4)
    ]  # fmt: skip
    builders.save_all(*rows)
    with transaction() as session:
        session.execute(delete(ToldNumber))
    tell(*Span(FIRST.date(), 4).quarter_days)
    with counted() as many:
        report = seen_by(world.chair, None)
    assert len(few) == len(many) <= 12
    assert any(one.measure is Measure.ACTIONS for one in report.parts)
