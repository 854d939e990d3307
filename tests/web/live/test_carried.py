"""Actions from before at the next item of their case: who reads which text, and the chair's say."""

import re
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.domain.kinds import ActionState, OrganisationKind
from app.features.live import carried
from app.infra import clock
from app.infra.db import reading
from app.models import (
    Acceptance,
    Action,
    ActionEvent,
    ActionShown,
    AuditEvent,
    Case,
    Declaration,
    Meeting,
    Organisation,
    Seat,
    SeatHold,
)
from tests import builders
from tests.feeds import actor_of
from tests.live import change, every, live_url, stored
from tests.pages import Page
from tests.racing import race

SAFE, FULL, OTHER = "Terugbellen over de afspraak", "Kanarieactie over het gezin", "Ander werk doen"
HIDDEN = "Werk van de opvang"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def before(running):
    """An earlier item of the case, where the police sat and care did not; three actions."""
    when = clock.now() - timedelta(days=14)
    meeting = builders.published(
        running.table,
        starts_at=when,
        started_at=when,
        closed_at=when + timedelta(hours=2),
        closes_at=when + timedelta(days=7),
    )
    item = builders.item(meeting, running.case)
    builders.seat(item, running.police_organisation, running.police)
    builders.acceptance(running.police, meeting)
    shelter = builders.organisation("OPV")
    builders.seat(running.item, shelter, None, is_staff_only=True)
    by = {"recorded_at": when + timedelta(hours=1), "due_on": date(2026, 7, 9)}
    action = builders.action(
        item, running.police_organisation, running.police, running.chair,
        safe=SAFE, full=FULL, **by,
    )  # fmt: skip
    other = builders.action(
        item, builders.organisation("WZL", name="Welzijn"), None, running.chair, safe=OTHER, **by
    )
    hidden = builders.action(item, shelter, None, running.chair, safe=HIDDEN, full=FULL, **by)
    known = {name: getattr(running, name) for name in running.__slots__}
    return SimpleNamespace(**known, action=action, other=other, hidden=hidden, earlier=item)


def mine(world) -> str:
    return f"/my-meetings/{world.meeting.id}"


def show_path(world, action=None) -> str:
    return f"/items/{world.item.id}/actions/{(action or world.action).id}/show"


def logged(action, person) -> list[tuple[str, str, str]]:
    with reading() as session:
        return [
            tuple(row)
            for row in session.execute(
                select(AuditEvent.event, AuditEvent.outcome, AuditEvent.ground).where(
                    AuditEvent.object_id == action.id, AuditEvent.person_id == person.id
                )
            )
        ]


def test_seats_read_the_safe_text_until_the_chair_agrees(before, chair, new_client):
    police, care = (new_client().sign_in(one.id) for one in (before.police, before.care))
    page = care.page(mine(before))
    assert "Nog open sinds de vorige keer" in page.text
    for words in (SAFE, OTHER, "Politie"):
        assert words in page.text
    for words in (FULL, HIDDEN, "Welzijn"):
        assert words not in page.html, "an organisation that is not at the item is not named"
    assert f"/my-actions/{before.action.id}" not in page.links
    assert logged(before.action, before.care) == []
    page = police.page(mine(before))
    assert FULL in page.text, "who sat where it comes from reads it already"
    assert f"/my-actions/{before.action.id}" in page.links
    assert logged(before.action, before.police) == [("read", "done", "seat")]

    sheet = chair.page(live_url(before, before.item))
    for words in (SAFE, OTHER, HIDDEN, "A. Yilmaz"):
        assert words in sheet.text
    assert show_path(before) in sheet.links
    assert show_path(before, before.hidden) not in sheet.links
    assert show_path(before, before.other) not in sheet.links, "it has no full text"
    check = chair.page(show_path(before))
    assert FULL in check.text
    assert "T. Mulder, GGZ" in check.text
    assert "leest nu de neutrale tekst" in check.text
    assert "leest dit al" in check.text
    assert every(ActionShown) == []
    for wrong in (before.hidden, before.other):
        assert chair.send(show_path(before, wrong)).status_code == 422
    tag = care.get(f"{mine(before)}/live/state").headers["ETag"]
    assert chair.fill(show_path(before)).status_code == 303
    assert care.get(f"{mine(before)}/live/state").headers["ETag"] != tag, (
        "the live page hears of it"
    )
    assert ("authorisation-change", "shown", "staff") in logged(before.action, before.chair)
    assert FULL in care.page(mine(before)).text
    assert logged(before.action, before.care) == [("read", "done", "seat")]
    chair.fill(live_url(before, before.item), action=f"{before.action.id}/show/withdraw")
    assert FULL not in care.page(mine(before)).text
    assert ("authorisation-change", "withdrawn", "staff") in logged(before.action, before.chair)
    [shown] = every(ActionShown)
    assert shown.withdrawn_at is not None
    assert chair.send(f"{show_path(before)}/withdraw").status_code == 404


def test_a_shelter_nobody_marked_shows_as_any_organisation_that_is_not_at_the_item(
    before, chair, new_client
):
    """No name, and no other words in its place: nothing about it says that there is one to hide."""
    by = {"recorded_at": clock.now() - timedelta(days=9), "due_on": date(2026, 7, 9)}
    shelter = builders.organisation("OPB", OrganisationKind.SHELTER, name="Opvang Buiten")
    inside = builders.person(shelter)
    builders.action(before.earlier, shelter, inside, before.chair, safe=OTHER, **by)
    care, police = (new_client().sign_in(one.id) for one in (before.care, before.police))
    for client in (care, police):
        for path in (mine(before), f"{mine(before)}/live"):
            html = client.page(path).html
            rows = [row for row in re.findall(r"<li>.*?</li>", html, re.DOTALL) if OTHER in row]
            assert len(rows) == 2
            assert len(set(rows)) == 1, "of a shelter and of an organisation like any other"
            assert "Opvang Buiten" not in html
            assert inside.name not in html
    assert "OPB" in chair.page(live_url(before, before.item)).text
    builders.seat(before.earlier, shelter, None, is_staff_only=True)
    assert care.page(mine(before)).html.count(OTHER) == 1, "marked, it leaves without a trace"


def test_a_text_that_names_whom_only_staff_know_of_is_not_shown(before, chair):
    """It was written for fewer readers, or before that organisation came to sit there."""
    shelter = builders.organisation("LUW", OrganisationKind.SHELTER, name="Opvang De Luwte")
    naming = builders.action(
        before.earlier, before.police_organisation, before.police, before.chair, safe=SAFE,
        full="Haal de spullen op bij Opvang De Luwte", recorded_at=clock.now() - timedelta(days=9),
    )  # fmt: skip
    seat = builders.seat(before.item, shelter, None, is_staff_only=True)
    answer = chair.fill(show_path(before, naming))
    assert answer.status_code == 422
    assert "waarvan anderen niet mogen weten" in answer.text
    assert every(ActionShown) == []
    change(Seat, seat.id, is_staff_only=False)
    assert chair.fill(show_path(before, naming)).status_code == 303


def test_only_who_chairs_agrees(before, new_client):
    helper = new_client().sign_in(before.coordinator.id)
    assert SAFE in helper.page(live_url(before, before.item)).text
    assert "Alleen de voorzitter kan dit laten zien." in helper.page(show_path(before)).text
    assert helper.send(show_path(before)).status_code == 403
    builders.acting_chair(before.meeting, before.coordinator, before.chair)
    assert helper.fill(show_path(before)).status_code == 303
    for outsider in (before.stranger, before.police, before.administrator):
        client = new_client().sign_in(outsider.id)
        answers = (client.get(show_path(before)), client.send(show_path(before)))
        assert {one.status_code for one in answers} <= {403, 404}
    assert len(every(ActionShown)) == 1


@pytest.fixture
def latecomer(before):
    """A third organisation at the table, not yet at this item."""
    youth = builders.organisation("JEU", name="Jeugd")
    builders.covenant(youth, before.table)
    who = builders.representative(youth, before.table)
    builders.acceptance(who, before.meeting)
    return who


def sits(who, world, **more):
    """A seat at the item for somebody, held from now on."""
    return builders.hold(
        builders.seat(world.item, stored(Organisation, who.organisation_id), invited_at=clock.now()),
        who, **more,
    )  # fmt: skip


def test_only_who_sat_there_when_the_chair_agreed_reads_it(
    before, latecomer, chair, new_client, frozen_clock
):
    """The names before the eyes of the chair were theirs; a seat given later is another question."""
    frozen_clock.advance(MINUTE)
    chair.fill(show_path(before))
    frozen_clock.advance(MINUTE)
    sits(latecomer, before)
    care, late = (new_client().sign_in(one.id) for one in (before.care, latecomer))
    assert FULL in care.page(mine(before)).text
    page = late.page(mine(before))
    assert SAFE in page.text
    assert FULL not in page.html
    assert logged(before.action, latecomer) == []
    [shown] = every(ActionShown)
    change(ActionShown, shown.id, withdrawn_at=clock.now())
    frozen_clock.advance(MINUTE)
    chair.fill(show_path(before))
    assert FULL in late.page(mine(before)).text, "agreed anew, with this name among the readers"


def test_whoever_takes_a_seat_over_was_not_agreed_to(
    before, latecomer, chair, new_client, frozen_clock
):
    held = sits(latecomer, before, until_at=clock.now() + timedelta(minutes=5))
    frozen_clock.advance(MINUTE)
    chair.fill(show_path(before))
    frozen_clock.advance(MINUTE)
    deputy = builders.representative(stored(Organisation, latecomer.organisation_id), before.table)
    builders.acceptance(deputy, before.meeting)
    change(SeatHold, held.id, until_at=clock.now())
    builders.hold(stored(Seat, held.seat_id), deputy, is_deputy=True)
    assert FULL not in new_client().sign_in(deputy.id).page(mine(before)).html
    assert SAFE not in new_client().sign_in(latecomer.id).get(mine(before)).text


def test_the_mark_of_a_watchers_page_moves_with_what_opens_to_that_watcher_alone(
    before, latecomer, chair, new_client, frozen_clock
):
    """It must not tell of an agreement about an action, or to readers, one is no part of."""
    care, police = (new_client().sign_in(one.id) for one in (before.care, before.police))
    state = f"{mine(before)}/live/state"

    def tags(*clients):
        return [one.get(state).headers["ETag"] for one in clients]

    shown = {"item_id": before.item.id, "agreed_by_id": before.chair.id}
    was = tags(care, police)
    for hidden in (before.hidden, done_before(before), later_action(before)):
        builders.save(ActionShown(action_id=hidden.id, agreed_at=clock.now(), **shown))
    assert tags(care, police) == was
    chair.fill(show_path(before))
    now = tags(care, police)
    assert now[0] != was[0]
    assert now[1] == was[1], "who sat where it comes from read it before, and hears of nothing"
    frozen_clock.advance(MINUTE)
    sits(latecomer, before)
    late = new_client().sign_in(latecomer.id)
    [was_late] = tags(late)
    chair.fill(live_url(before, before.item), action=f"{before.action.id}/show/withdraw")
    assert tags(late) == [was_late], "neither shown to it nor taken from it"
    assert tags(care) != now[:1]


def done_before(world):
    return builders.action(
        world.earlier, world.police_organisation, None, world.chair, full=FULL,
        recorded_at=clock.now() - timedelta(days=1), state=ActionState.DONE,
    )  # fmt: skip


def later_action(world):
    return builders.action(
        world.earlier, world.police_organisation, None, world.chair, full=FULL,
        recorded_at=world.meeting.starts_at + timedelta(days=1),
    )  # fmt: skip


def barred(world):
    builders.exclusion(world.care, world.case, world.chair)


def recused(world):
    builders.recusal(world.care, world.case)


def moved(world):
    change(Case, world.case.id, table_id=world.other_table.id)


def moved_action(world):
    change(Action, world.action.id, table_id=world.other_table.id)
    change(Action, world.other.id, table_id=world.other_table.id)


def after_the_window(world):
    change(Meeting, world.meeting.id, closes_at=clock.now())


def unaccepted(world):
    with builders.transaction() as session:
        session.execute(Acceptance.__table__.delete().where(Acceptance.person_id == world.care.id))


def unanswered(world):
    with builders.transaction() as session:
        session.execute(Declaration.__table__.delete())
    builders.disclosure(world.care_seat, world.sections["identity"], world.coordinator)


def gone(world):
    change(Seat, world.care_seat.id, removed_at=clock.now())


def finished(world):
    for one in (world.action, world.other):
        change(Action, one.id, state=ActionState.DONE)


def taken_back(world):
    for one in (world.action, world.other):
        change(Action, one.id, taken_back_at=clock.now())


def agreed_later(world):
    for one in (world.action, world.other):
        change(Action, one.id, recorded_at=world.meeting.starts_at + timedelta(days=3))


@pytest.mark.parametrize(
    "happens",
    [
        barred, recused, moved, moved_action, after_the_window, unaccepted, unanswered, gone,
        finished, taken_back, agreed_later,
    ],
    ids=lambda one: one.__name__,
)  # fmt: skip
def test_nothing_shows_of_it_to_who_may_not_see_the_item(before, chair, new_client, happens):
    chair.fill(show_path(before))
    care = new_client().sign_in(before.care.id)
    assert FULL in care.page(mine(before)).text
    happens(before)
    for path in (mine(before), f"{mine(before)}/live"):
        html = care.get(path).text
        for words in (SAFE, FULL, OTHER, HIDDEN, "Nog open sinds de vorige keer"):
            assert words not in html
    assert care.get(f"/my-actions/{before.action.id}").status_code == 404


def test_the_status_is_noted_on_the_spot_and_one_goes_on(before, chair):
    sheet = chair.page(live_url(before, before.item))
    [link] = [one for one in sheet.links if f"/actions/{before.action.id}/state" in one]
    answer = chair.fill(link, {"state": "done"})
    assert answer.status_code == 303
    assert answer.location == live_url(before, before.item)
    assert SAFE not in Page(chair.get(answer.location).text).text
    with reading() as session:
        [event] = session.scalars(select(ActionEvent)).all()
    assert event.said_by_id == before.police.id


def test_every_page_costs_one_statement_for_all_of_them(
    before, chair, new_client, count_statements
):
    care = new_client().sign_in(before.care.id)
    pages = ((chair, live_url(before, before.item), 13), (care, mine(before), 9))
    for client, path, _most in pages:
        client.page(path)
    for number in range(6):
        builders.action(
            before.earlier, before.police_organisation, None, before.chair,
            safe=f"Werk {number}", full=f"Vol {number}",
            recorded_at=clock.now() - timedelta(days=1),
        )  # fmt: skip
    for client, path, most in pages:
        with count_statements() as seen:
            assert "Werk 5" in client.page(path).text
        assert len(seen) <= most, "\n".join(seen)


def test_of_two_who_show_an_action_or_end_that_at_once_one_does(app, before):
    chairs = [actor_of(one) for one in (before.chair, builders.chair(before.host, before.table))]
    at = (before.item.id, before.action.id)
    shown, agreed = select(ActionShown), select(AuditEvent).where(AuditEvent.outcome == "shown")
    for number in range(1, 6):
        assert race(app, *((one, partial(carried.show, one, *at)) for one in chairs)) == [True] * 2
        with reading() as session:
            assert len(session.scalars(shown.where(ActionShown.withdrawn_at.is_(None))).all()) == 1
            assert len(session.scalars(agreed).all()) == number
        ended = race(app, *((one, partial(carried.hide, one, *at)) for one in chairs))
        assert sorted(ended) == [False, True]
    with reading() as session:
        assert len(session.scalars(shown).all()) == number
