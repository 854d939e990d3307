"""Why: the explanation says yes exactly where the lists of people open, on the same ground.

It reads the facts from the database and decides with the rule in Python, so a fact it forgets
shows as a section that is explained one way and listed another.
"""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import load_actor, scopes
from app.access.oversight import why
from app.access.oversight.why import Missing
from app.domain.kinds import Ground, Regime, TableRoleName
from app.infra import clock
from app.infra.db import transaction
from app.models import AuditEvent, Case, Meeting, Person, Section
from tests import builders
from tests.integration.test_grounds_agree import NO_ROLE, READER, GroundWorld, TaskState, at
from tests.integration.test_rule_equivalence import (
    COVENANT,
    HOLD,
    INSTANTS,
    NEVER,
    CaseStateOf,
    MeetingState,
    SeatState,
    Span,
    Table,
)

# An open seat and an open task; every other state differs from one of them in one thing.
TAKES_PART = Table(COVENANT, None)
MEETING = MeetingState(published=True, cancelled=False, accepted=True)
SEAT = SeatState(HOLD, False, False, True, "live", True, "answered")
CASE = CaseStateOf(False, Regime.AVG, False, "none", False)
TASK = TaskState("handover", False, True, True, True, "section", True, "answered", False)
TABLES = (TAKES_PART, Table(NEVER, None), Table(COVENANT, TableRoleName.COORDINATOR))


def others(state, **values):
    """The state itself, and with each of these values in turn."""
    yield state
    for name, given in values.items():
        yield from (replace(state, **{name: one}) for one in given)


CASES = tuple(
    others(
        CASE, source_is_own=[True], excluded=[True], recused=["live", "lifted"],
        item_removed=[True], asks=["extra", "later"],
    )
)  # fmt: skip
MEETINGS = tuple(others(MEETING, published=[False], cancelled=[True], accepted=[False]))
SEATS = tuple(
    others(
        SEAT, hold=[NEVER], removed=[True], proposed=[True], own_organisation=[False],
        disclosed=["withdrawn", "none"], source_decided=[False],
        identity=["none", "asked", "withdrawn", "undecided"],
    )
)  # fmt: skip
TASKS = tuple(
    others(
        TASK, kind=["guest", "guest, item removed", "guest, cancelled", "guest, draft", "case lead"],
        ended=[True], accepted=[False], own_organisation=[False], at_table=[False],
        names=["plan", "nothing"], source_decided=[False],
        identity=["none", "asked", "undecided"], closed=[True],
    )
)  # fmt: skip


@pytest.fixture
def grounds(app) -> GroundWorld:
    """Seats, tasks and emergency readings, each one thing away from open."""
    made = GroundWorld()
    for table in TABLES:
        made.populate(table, MEETING, [SEAT], CASE)
    for case in CASES:
        made.populate(TAKES_PART, MEETING, [SEAT], case)
    for meeting in MEETINGS:
        made.populate(TAKES_PART, meeting, [SEAT], CASE)
    for seat, regime in itertools.product(SEATS, (Regime.AVG, Regime.WPG)):
        made.populate(TAKES_PART, MEETING, [seat], replace(CASE, regime=regime))
    for task, regime in itertools.product(TASKS, (Regime.AVG, Regime.MEDICAL)):
        made.populate_task(task, replace(CASE, regime=regime))
    for table, ended, at_table in itertools.product(
        (NO_ROLE, READER), (True, False), (True, False)
    ):
        made.populate_emergency(table, Span(at(3), at(8)), CASE, ended=ended, at_table=at_table)
    made.store()
    return made


def listed(session, person_id, now):
    """What the person's lists open just now, with the ground."""
    actor = load_actor(session, person_id, now=now)
    statement = scopes.visible_sections(actor, now=now)
    ground = statement.selected_columns["ground"]
    rows = session.execute(statement.with_only_columns(Section.id, ground))
    return {row[0]: Ground(row[1]) for row in rows}


def explained(session, person_id, now):
    """What the explanations of all cases say of the person."""
    person = session.get_one(Person, person_id)
    found = [
        one
        for case in session.scalars(select(Case))
        for one in why.explain(session, person, case, now=now)
    ]
    for one in found:
        assert bool(one.missing) != bool(one.ground)
        if one.ground:
            assert one.since is None or one.since <= now
            assert one.until is None or one.until > now
    return {one.section_id: one.ground for one in found if one.ground}


def test_every_ground_is_explained_as_it_opens(grounds, deep) -> None:
    seen = set()
    for now in INSTANTS if deep else (at(4), at(6)):
        with transaction() as session:
            opened = listed(session, grounds.person_id, now)
            assert explained(session, grounds.person_id, now) == opened, f"{now:%H:%M:%S}"
        seen |= set(opened.values())
    assert seen == set(Ground) - {Ground.SOURCE}


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


def everybody(world):
    names = (
        "chair", "coordinator", "stranger", "administrator", "police", "police_colleague", "care",
    )  # fmt: skip
    return {name: getattr(world, name).id for name in names}


def change(model, row, **values):
    with transaction() as session:
        stored = session.get_one(model, row.id)
        for name, value in values.items():
            setattr(stored, name, value)


def test_everybody_is_explained_as_the_lists_open_through_a_life(world, frozen_clock) -> None:
    people = everybody(world)
    officer = builders.person(world.host, is_privacy_officer=True)
    people["officer"] = officer.id
    builders.disclosure(world.care_seat, world.sections["health"], world.coordinator)
    events = (
        lambda: None,
        lambda: builders.emergency(officer, world.case),
        lambda: builders.exclusion(world.coordinator, world.case, world.chair),
        lambda: builders.recusal(world.care, world.case),
        lambda: change(Meeting, world.meeting, closes_at=clock.now()),
        lambda: change(Case, world.case, table_id=world.other_table.id),
    )
    grounds = set()
    for event in events:
        event()
        for name, person_id in people.items():
            with transaction() as session:
                opened = listed(session, person_id, clock.now())
                assert explained(session, person_id, clock.now()) == opened, name
            grounds |= set(opened.values())
        frozen_clock.advance(timedelta(minutes=1))
    assert grounds == {Ground.STAFF, Ground.SOURCE, Ground.SEAT, Ground.BREAK_GLASS}


def answers(session, who, case):
    person = session.get_one(Person, who.id)
    found = why.explain(session, person, session.get_one(Case, case.id), now=clock.now())
    return {one.label_nl: one for one in found}


def test_an_account_that_ended_by_itself_sees_nothing(world) -> None:
    with transaction() as session:
        session.get_one(Person, world.police.id).ends_at = clock.now()
    with transaction() as session:
        found = answers(session, world.police, world.case).values()
        assert {one.missing for one in found} == {(why.Missing.NOT_ACTIVE,)}


def test_it_names_since_until_and_what_is_missing(world) -> None:
    with transaction() as session:
        police = answers(session, world.police, world.case)
        colleague = answers(session, world.police_colleague, world.case)
        care = answers(session, world.care, world.case)
    safety = police["Veiligheid"]
    # The disclosure was the last condition to be met; the window ends first.
    assert (safety.ground, safety.since, safety.until) == (
        Ground.SEAT, clock.now(), world.meeting.closes_at,
    )  # fmt: skip
    assert police["Aanleiding"].ground is Ground.SOURCE
    assert police["Kinderen"].missing == (Missing.NOT_DISCLOSED,)
    assert {one.missing for one in colleague.values()} == {(Missing.NO_GROUND,)}
    builders.recusal(world.care, world.case)
    change(Meeting, world.meeting, opens_at=clock.now() + timedelta(hours=1))
    with transaction() as session:
        assert {one.missing for one in answers(session, world.care, world.case).values()} == {
            (Missing.KEPT_OUT,)
        }
        later = answers(session, world.police, world.case)["Veiligheid"]
    assert later.missing == (Missing.OUTSIDE_WINDOW,)
    assert care["Aanleiding"].ground is Ground.SEAT


def test_it_asks_anew_about_other_words_until_the_window_closes(world) -> None:
    builders.disclosure(world.police_seat, world.sections["identity"], world.coordinator)
    for words, closes_at, missing in (
        (1, world.meeting.closes_at, ()),
        (2, world.meeting.closes_at, (Missing.NOT_ANSWERED,)),
        (2, clock.now(), (Missing.OUTSIDE_WINDOW,)),
    ):
        change(Section, world.sections["identity"], words_version=words)
        change(Meeting, world.meeting, closes_at=closes_at)
        with transaction() as session:
            assert answers(session, world.police, world.case)["Veiligheid"].missing == missing


def test_the_page_is_for_staff_and_the_privacy_officer(client, world) -> None:
    officer = builders.person(world.host, "F. Gegevens", is_privacy_officer=True)
    path = f"/cases/{world.case.id}/why"
    for who in (world.chair, world.coordinator, officer):
        client.sign_in(who.id).page(path)
        page = client.page(f"{path}?person={world.police.id}")
        assert "niet verstrekt" in page.text
        # Whom a section is about: for staff, who see the case.
        assert ("(slachtoffer)" in page.text) == (who is not officer)
        assert "deelname" in page.text
        assert "Kanarie" not in page.text
    for who in (world.police, world.stranger, world.administrator):
        assert client.sign_in(who.id).get(path).status_code == 404
    client.sign_in(world.chair.id)
    for odd in (world.administrator.id, "x"):
        assert client.get(f"{path}?person={odd}").status_code == 404
    builders.exclusion(world.coordinator, world.case, world.chair)
    assert client.sign_in(world.coordinator.id).get(path).status_code == 404
    with transaction() as session:
        asked = session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "why")).all()
    assert [one.object_id for one in asked] == [world.police.id] * 3


def test_the_command_says_it_for_every_section(app, world) -> None:
    runner = app.test_cli_runner()
    said = runner.invoke(args=["access", "why", world.police.email.upper(), world.case.reference])
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert len(lines) == len(world.sections)
    assert any(
        line.startswith("yes  Veiligheid (Gemeente Deltaland): seat, since") for line in lines
    )
    assert any(
        line.startswith("no   Kinderen") and line.endswith("not-disclosed") for line in lines
    )
    assert "Kanarie" not in said.output
    for wrong in (["niemand@x.example", world.case.reference], [world.police.email, "MDA-33333"]):
        assert runner.invoke(args=["access", "why", *wrong]).exit_code == 1
