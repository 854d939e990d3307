"""How organisations keep what was agreed: by name, in steps of five, each seeing what is theirs."""

import random
import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from app.access.oversight import ledger
from app.domain.kinds import ActionState, ContactPart, Measure, TableRoleName
from app.domain.promises import Age, Kept, ended_as, oldest_terms
from app.domain.publication import publication
from app.domain.related import Counted, Key
from app.domain.report import Span, year_span
from app.features.ledger.queries import PAST
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.infra.holidays_nl import is_holiday
from app.models import (
    ActionEvent,
    ClosedQuarter,
    Covenant,
    FigureCell,
    OrganisationContact,
    TermRequest,
)
from tests import builders
from tests.quarters import tell
from tests.seats import actor_of, change, later

TODAY = date(2026, 6, 1)  # a Monday
LAST = {5: Age.TO_5, 10: Age.TO_10, 20: Age.TO_20, 10_000: Age.MORE}


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


def many(world, number: int, *, of=None, at=None, **more) -> list:
    with builders.together():
        return [
            builders.action(
                at or world.item, of or world.police_organisation, None, world.chair, **more
            )
            for _ in range(number)
        ]


def standing(who, of, at) -> ledger.Standing:
    now, actor = clock.now(), actor_of(who)
    with wall.acting_as(who.id), reading() as session:
        parts = ledger.parts(session, actor, now=now, organisation_id=of.id)
        return ledger.standings(session, actor, parts, now=now)[of.id, at.id]


def test_an_action_is_as_old_as_the_working_days_it_is_past_its_term():
    for today in (TODAY, date(2026, 6, 6), date(2026, 12, 28)):
        terms = oldest_terms(today, is_holiday)
        for due_on in (today - timedelta(days=step) for step in range(1, 60)):
            days = (due_on + timedelta(days=step) for step in range(1, (today - due_on).days + 1))
            counted = sum(day.weekday() < 5 and not is_holiday(day) for day in days)
            found = next((one for one, day in terms.items() if due_on >= day), Age.MORE)
            wanted = next(age for most, age in LAST.items() if counted <= most)
            assert found is wanted, f"{due_on} on {today}: {counted} working days"


def test_what_ended_counts_by_the_day_of_amsterdam_and_by_its_hour_where_it_has_one():
    just = datetime(2026, 6, 1, 21, 59, tzinfo=UTC)
    due = {"due_on": TODAY, "due_at": None}
    assert ended_as(ActionState.DONE, just, **due) is Kept.IN_TIME
    assert ended_as(ActionState.DONE, just + timedelta(minutes=1), **due) is Kept.LATE
    hour = {"due_on": TODAY, "due_at": just - timedelta(hours=1)}
    assert ended_as(ActionState.DONE, just, **hour) is Kept.LATE
    assert ended_as(ActionState.NOT_DONE, just, **hour) is Kept.NOT_DONE


def test_every_action_is_counted_once_by_what_became_of_it(world):
    ended = clock.now() - timedelta(days=2)
    past, ahead = date(2026, 5, 20), date(2026, 6, 22)
    for number, more in enumerate(
        (
            {"state": ActionState.DONE, "finished_at": ended, "due_on": ahead},
            {"state": ActionState.DONE, "finished_at": ended, "due_on": past},
            {"due_on": past},
            {"state": ActionState.NOT_POSSIBLE, "finished_at": ended},
            {"state": ActionState.NOT_DONE, "finished_at": ended},
            {"state": ActionState.LAPSED, "finished_at": ended},
            {"due_on": ahead},
        ),
        start=1,
    ):
        many(world, number, **more)
    started, asked = many(world, 2, due_on=past)
    change(type(started), type(started).id == started.id, state=ActionState.STARTED)
    event = builders.save(
        ActionEvent(action_id=asked.id, at=clock.now(), recorded_by_id=world.police.id)
    )
    builders.save(
        TermRequest(
            action_id=asked.id, event_id=event.id,
            asked_by_id=world.police.id, asked_at=clock.now(), until_on=ahead,
        )
    )  # fmt: skip
    many(world, 1, taken_back_at=clock.now())
    many(world, 1, state=ActionState.DONE, finished_at=clock.now() - timedelta(days=70))
    many(world, 3, of=world.care_organisation)
    found = standing(world.chair, world.police_organisation, world.table)
    assert [found.kept[one] for one in Kept] == [1, 2, 3, 4, 5, 6, 9]
    assert found.ages == {Age.NOT_YET: 7, Age.TO_10: 5}


def test_staff_see_organisations_by_name_in_steps_of_five_and_no_ranking(world, client):
    many(world, 12, of=world.care_organisation, due_on=date(2026, 5, 20))
    many(world, 4)
    page = client.sign_in(world.coordinator.id).page("/ledger")
    text = page.text
    assert text.index("Gemeente Deltaland") < text.index("GGZ Delta") < text.index("Politie")
    assert "≥ 10" in text
    assert "12" not in text.split("GGZ Delta")[1].split("Politie")[0]
    assert "geen ranglijst" in text
    assert "%" not in text
    assert "ZSM Deltaland" not in text, "a table somebody else serves"
    assert "aria-sort" not in page.html
    one = client.page(f"/ledger/{world.care_organisation.id}")
    assert "openstaande acties naar termijn" in one.text
    assert "6–10 werkdagen" in one.text
    assert one.html.count('<svg class="chart"') == 1
    assert world.case.reference not in one.text + text
    assert "Bel terug" not in one.text + text


def test_an_organisation_sees_its_own_at_every_table_it_takes_part_in(world, client, new_client):
    many(world, 7, due_on=date(2026, 5, 29))
    police = client.sign_in(world.police.id)
    text = police.page("/ledger").text
    assert "ZSM Deltaland" in text
    assert "Politie" in text
    assert "GGZ Delta" not in text
    assert "≥ 5" in text
    assert police.get(f"/ledger/{world.care_organisation.id}").status_code == 404
    assert police.get(f"/ledger/{world.police_organisation.id}").status_code == 200
    # Somebody of the house without a part in it, and who sets the product up.
    other = new_client().sign_in(world.police_colleague.id)
    assert "zodra u haar bij een overleg vertegenwoordigt" in other.page("/ledger").text
    assert "≥ 5" not in other.page("/ledger").text
    assert other.get(f"/ledger/{world.care_organisation.id}").status_code == 404
    assert new_client().sign_in(world.administrator.id).get("/ledger").status_code == 404
    builders.save(
        OrganisationContact(
            organisation_id=world.police_organisation.id, person_id=world.police_colleague.id,
            part=ContactPart.TEAM_LEAD, from_at=clock.now(), table_id=world.table.id,
        )
    )  # fmt: skip
    lead = new_client().sign_in(world.police_colleague.id)
    text = lead.page("/ledger").text
    assert world.table.name in text
    assert "ZSM Deltaland" not in text, "of which the organisation named another"
    change(OrganisationContact, until_at=clock.now())
    later(minutes=1)
    assert world.table.name not in lead.page("/ledger").text


def test_who_is_barred_from_a_case_reads_no_more_than_its_own_list_holds(world, new_client):
    many(world, 4)
    many(world, 1, at=world.second_item)
    page = f"/ledger/{world.police_organisation.id}"
    readers = [new_client().sign_in(who.id) for who in (world.police, world.coordinator)]

    def told():
        return [reader.page(page).html.split("<main")[1].count("≥ 5") for reader in readers]

    assert min(told()) > 0
    for who in (world.police, world.coordinator):
        builders.exclusion(who, world.second_case, world.chair, from_at=clock.now())
    assert told() == [0, 0], "the four of the own list, and no trace of a fifth"
    many(world, 7, at=world.second_item)
    assert told() == [0, 0]
    everybody = new_client().sign_in(world.chair.id)
    assert everybody.page(page).html.split("<main")[1].count("≥ 10") > 0


def close(*quarters: date) -> None:
    with wall.acting_as(wall.System.FIGURES), transaction() as session:
        session.add_all(ClosedQuarter(first_on=one, closed_at=clock.now()) for one in quarters)


def kept_in(quarter: date, of, at, **numbers: int) -> list[FigureCell]:
    """Actions of an organisation at a table, as they were counted when the quarter was closed."""
    return [
        FigureCell(
            quarter_on=quarter, table_id=at.id, organisation_id=of.id, measure=Measure.ACTIONS,
            category=Kept[category], number=number,
        )
        for category, number in numbers.items()
    ]  # fmt: skip


def test_periods_that_are_over_are_told_as_they_are_published(world, new_client):
    quarters = [date(2025, month, 1) for month in (1, 4, 7, 10)] + [date(2026, 1, 1)]
    after = date(2026, 4, 1)
    close(*quarters, after)
    police, care = world.police_organisation, world.care_organisation
    for day in quarters:
        builders.save_all(
            *kept_in(day, police, world.table, IN_TIME=30, SILENT=6),
            *kept_in(day, police, world.other_table, IN_TIME=8, LATE=9),
            *kept_in(day, care, world.table, IN_TIME=77),
        )
    tell(*quarters)
    page = new_client().sign_in(world.police.id).page("/ledger")
    text = page.text.split("Perioden die voorbij zijn", 1)[1]
    assert "1e kw. 2026 alle overleggen 38 9 6 0 0 0" in text
    assert "2025 alle overleggen 152 36 24 0 0 0" in text
    assert f"2025 {world.table.name} 120 0 24 0 0 0" in text
    assert "2026 alle overleggen 38 9 6 0 0 0 2025" not in text, "a year only once it is over"
    assert "77" not in text
    staff = new_client().sign_in(world.coordinator.id)
    at = staff.page(f"/ledger/{police.id}").text.split("Perioden die voorbij zijn", 1)[1]
    assert f"2025 {world.table.name} 120" in at
    assert "ZSM Deltaland" not in at, "a table somebody else serves"
    builders.save_all(
        *kept_in(after, police, world.table, IN_TIME=30, SILENT=6, NOT_DONE=2),
        *kept_in(after, police, world.other_table, IN_TIME=8, LATE=9),
    )
    tell(after)
    text = staff.page(f"/ledger/{police.id}").text.split("Perioden die voorbij zijn", 1)[1]
    (row,) = re.findall(r"2e kw. 2026 alle overleggen ((?:\S+ ){6})", text)[:1]
    assert row.split()[4] == "–"
    assert row.split().count("–") > 1, "nothing follows by subtraction"


def test_the_numbers_of_one_organisation_are_those_of_the_whole_publication():
    chance = random.Random(7)
    days = [date(2025, month, 1) for month in (1, 4, 7, 10)]
    tables, organisations = ([uuid.UUID(int=chance.getrandbits(128)) for _ in "abc"] for _ in "ab")
    counted = frozenset(
        Counted(day, table, of, Measure.ACTIONS, kept.value, chance.choice((0, 1, 2, 3, 6, 9, 30)))
        for day in days for table in tables for of in organisations for kept in PAST
    )  # fmt: skip
    whole = publication(counted, frozenset(days), frozenset())
    for of in organisations:
        own = frozenset(one for one in counted if one.organisation_id == of)
        alone = publication(own, frozenset(days), frozenset())
        keys = [
            Key(Measure.ACTIONS, span, kept.value, table, of)
            for span in (*map(Span, days), year_span(2025))
            for kept in PAST for table in (*tables, None)
        ]  # fmt: skip
        told = [alone.number(key) for key in keys]
        assert told == [whole.number(key) for key in keys]
        assert any(one is None for one in told)
        assert any(told)


def test_the_ledger_costs_the_same_for_few_and_many(world, client, count_statements):
    client.sign_in(world.coordinator.id)
    client.page("/ledger")
    with count_statements() as few:
        client.page("/ledger")
    with builders.together():
        made = [builders.organisation(f"O{one}", name=f"Organisatie {one}") for one in range(8)]
    with builders.together():
        for number, of in enumerate(made):
            builders.covenant(of, world.table)
            builders.covenant(of, world.other_table)
            for day in range(3):
                due_on = date(2026, 5, 1) + timedelta(days=number + day)
                builders.action(world.item, of, None, world.chair, due_on=due_on)
        builders.role(world.coordinator, world.other_table, TableRoleName.COORDINATOR)
    client.sign_in(world.coordinator.id)
    with count_statements() as more:
        text = client.page("/ledger").text
    assert "Organisatie 7" in text
    assert len(more) == len(few) <= 6, "\n".join(more)
    other = client.page(f"/ledger?table={world.other_table.id}").html
    assert "<h2>ZSM Deltaland</h2>" in other
    with count_statements() as one:
        client.page(f"/ledger/{world.police_organisation.id}")
    assert len(one) <= 6, "\n".join(one)
    assert client.get("/ledger?table=x").status_code == 200
    change(Covenant, until_at=clock.now())
    assert client.get("/ledger").status_code == 200, "what was agreed stays agreed"
