"""The pages of a series: look first, plan after that, and nobody else's table."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.local_time import AMSTERDAM
from app.infra import calendar_queue, clock, outbox
from app.infra.db import reading, transaction
from app.models import AgendaItem, ClosurePeriod, InputRequest, Meeting, Room, Series
from tests import builders

RHYTHM = {
    "kind": "weekly",
    "weekdays": ["1", "3"],
    "interval": "2",
    "first_on": "1-3-2027",
    "last_on": "30-4-2027",
    "start": "13.00",
    "end": "15.00",
    "place": "Kamer 1",
}


@pytest.fixture
def world(app, frozen_clock):
    frozen_clock.moment = datetime(2027, 2, 1, 9, 0, tzinfo=AMSTERDAM)
    return builders.small_world()


@pytest.fixture
def coordinator(client, world):
    return client.sign_in(world.coordinator.id)


def count(model) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def the_series() -> Series:
    with reading() as session:
        return session.scalars(select(Series).where(Series.ended_at.is_(None))).one()


def press(client, path: str, act: str, **fields):
    """Change some fields of the form on the page just read and press one of its buttons."""
    return client.send(path, {**client.last.form(path).filled(fields), "act": act})


def look(coordinator, **changes):
    """Fill in the form of a new series and ask for its days."""
    coordinator.page("/series/new")
    return press(coordinator, "/series/new", "look", **{**RHYTHM, **changes})


def planned(coordinator) -> Series:
    assert look(coordinator).status_code == 200, coordinator.last.text
    assert press(coordinator, "/series/new", "save").status_code == 303, coordinator.last.text
    return the_series()


def test_the_days_are_shown_before_anything_is_planned(coordinator, world):
    for day, hour in ((2, 9), (60, 16)):
        start = datetime(2027, 2, 28, hour, tzinfo=AMSTERDAM) + timedelta(days=day)
        builders.meeting(world.table, starts_at=start, minutes=30)
    before = count(Meeting)
    assert look(coordinator).status_code == 200
    page = coordinator.last
    assert "dinsdag 2 maart 2027" in page.text
    assert "dinsdag 27 april 2027 Koningsdag" in page.text
    assert "al een overleg: 02-03-2027, 29-04-2027." in page.text, "whatever the hour"
    assert f"krijgen de hele reeks in hun agenda: {world.chair.name}" in page.text
    assert world.coordinator.name in page.text
    assert (count(Series), count(Meeting)) == (0, before)


def test_saving_plans_what_was_shown(coordinator):
    before = count(Meeting)
    series = planned(coordinator)
    page = coordinator.page(f"/series/{series.id}")
    assert "Elke 2 weken op dinsdag en donderdag, 13.00 tot 15.00 uur" in page.text
    assert count(Meeting) == before + 9
    assert "MDA++ Deltaland" in coordinator.page("/series").text


def test_other_fields_than_were_shown_ask_for_another_look(coordinator):
    look(coordinator)
    assert press(coordinator, "/series/new", "save", start="10.00").status_code == 200
    assert "Wat er gebeurt" in coordinator.last.text
    assert count(Series) == 0


def test_a_series_takes_its_room_for_every_day_or_says_on_which_it_is_taken(coordinator, world):
    room = builders.save(Room(name="Zaal 2", address="Stadhuis"))
    start = datetime(2027, 3, 16, 14, 0, tzinfo=AMSTERDAM)
    builders.meeting(world.other_table, starts_at=start, minutes=30, room_id=room.id)
    assert look(coordinator, room=str(room.id)).status_code == 200
    assert "De ruimte is op 1 van deze dagen al bezet: 16-03-2027." in coordinator.last.text
    assert press(coordinator, "/series/new", "save").status_code == 422
    said = "Deze ruimte is op 16-03-2027 al bezet van 14.00 tot 14.30 uur."
    assert said in coordinator.last.text
    assert count(Series) == 0
    assert look(coordinator, room=str(room.id), start="15.00", end="17.00").status_code == 200
    assert press(coordinator, "/series/new", "save").status_code == 303
    assert (the_series().room_id, the_series().place) == (room.id, "Zaal 2, Stadhuis")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekdays": []}, "Kies ten minste één dag van de week."),
        ({"kind": "monthly"}, "Kies bij een maandelijks overleg één dag van de week."),
        ({"interval": "0"}, "Kies een getal van 1 tot en met 12."),
        ({"first_on": "31-2-2027"}, "Deze datum bestaat niet"),
        ({"last_on": "1-6-2028"}, "Een reeks duurt hoogstens 12 maanden."),
        ({"last_on": "1-2-2027"}, "Het einde ligt voor het begin."),
        ({"end": "12.00"}, "Het einde ligt voor het begin."),
        ({"kind": "every-day", "start": "2.30", "end": "4.00"}, "Dit uur bestaat niet"),
        ({"link": "http://overleg.example"}, "Begin de link met https://."),
        ({"first_on": "1-1-2027", "last_on": "15-1-2027"}, "blijft geen enkele dag over"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(coordinator, changes, said):
    answer = look(coordinator, **changes)
    assert answer.status_code == 422
    assert said in coordinator.last.text
    assert 'value="Kamer 1"' in answer.text
    assert count(Series) == 0


def test_a_blank_room_is_no_room(coordinator):
    assert look(coordinator, room=" ").status_code == 200
    assert press(coordinator, "/series/new", "save").status_code == 303
    assert the_series().room_id is None


def test_a_change_is_looked_at_and_then_made(coordinator):
    series = planned(coordinator)
    path = f"/series/{series.id}/change"
    page = coordinator.page(f"{path}?from=16-03-2027")
    assert page.form(path).filled({})["from_on"] == ["16-03-2027"]
    press(coordinator, path, "look", start="9.00", end="11.00")
    assert "houden hun dag en krijgen de nieuwe tijd en plaats" in coordinator.last.text
    assert "krijgen de gewijzigde reeks in hun agenda" in coordinator.last.text
    answer = press(coordinator, path, "save")
    assert answer.status_code == 303
    assert answer.location != f"/series/{series.id}"
    assert "09.00 tot 11.00 uur" in coordinator.page(answer.location).text


def test_who_is_invited_at_a_closed_block_is_not_counted(coordinator, world):
    series = planned(coordinator)
    with reading() as session:
        first = session.scalars(
            select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.starts_at)
        ).first()
    builders.seat(builders.item(first, world.case), world.police_organisation, world.police)
    builders.seat(builders.item(first, world.second_case), world.care_organisation, world.care)
    path = f"/series/{series.id}/change"
    counted = "En %s met een eigen tijd die verschuift."
    for is_barred, said in ((False, "2 genodigden"), (True, "1 genodigde")):
        if is_barred:
            builders.exclusion(world.coordinator, world.case, world.chair)
        coordinator.page(f"{path}?from=01-03-2027")
        press(coordinator, path, "look", start="15.00", end="17.00")
        assert counted % said in coordinator.last.text
        assert ("gesloten blok" in coordinator.last.text) is is_barred


def test_a_day_that_stays_cancelled_is_named(coordinator):
    series = planned(coordinator)
    with reading() as session:
        first = session.scalars(
            select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.starts_at)
        ).first()
    coordinator.fill(f"/meetings/{first.id}/cancel")
    coordinator.page(f"/series/{series.id}/change")
    press(coordinator, f"/series/{series.id}/change", "look", start="9.00", end="11.00")
    assert "maart 2027 afgezegd" in coordinator.last.text


def test_a_series_changed_meanwhile_is_looked_at_again(coordinator, world, new_client):
    path = f"/series/{planned(coordinator).id}/change"
    coordinator.page(path)
    press(coordinator, path, "look", start="9.00", end="11.00")
    colleague = new_client().sign_in(world.chair.id)
    colleague.page(path)
    press(colleague, path, "look", place="Kamer 9")
    assert press(colleague, path, "save").status_code == 303
    assert press(coordinator, path, "save").status_code == 200
    assert the_series().place == "Kamer 9"
    assert press(coordinator, path, "save").status_code == 303


def test_a_series_is_extended_and_ended(coordinator):
    series = planned(coordinator)
    path = f"/series/{series.id}"
    coordinator.page(path)
    assert coordinator.send(f"{path}/extend", {"last_on": "1-4-2027"}).status_code == 422
    coordinator.page(path)
    assert press(coordinator, f"{path}/extend", "look", last_on="30-6-2027").status_code == 200
    assert "dinsdag 22 juni 2027" in coordinator.last.text
    assert "krijgen de nieuwe dagen in hun agenda" in coordinator.last.text
    assert the_series().last_on.month == 4
    assert press(coordinator, f"{path}/extend", "save").status_code == 303
    assert the_series().last_on.month == 6
    page = coordinator.page(f"{path}/end")
    assert "er stond nog niets op de agenda" in page.text
    all_of_them, later = "17 overleggen worden afgezegd", "8 overleggen worden afgezegd"
    assert all_of_them in page.text
    assert later in coordinator.page(f"{path}/end?from=01-05-2027").text
    assert coordinator.get(f"{path}/end?from=31-02-2027").status_code == 422
    coordinator.page(f"{path}/end")
    assert press(coordinator, f"{path}/end", "save", from_on="1-5-2027").status_code == 200
    assert the_series().ended_at is None, "another day than was shown asks for another look"
    assert later in coordinator.last.text
    assert press(coordinator, f"{path}/end", "save").status_code == 303
    page = coordinator.page(path).text
    assert "Deze reeks is beëindigd." in page
    assert "Wat hieronder staat, gaat door." in page
    coordinator.page("/series")
    sent = {"from_on": "", "seen": "", "act": "save"}
    # What goes on until May may still end earlier; after that nothing is left to end.
    assert coordinator.send(f"{path}/end", sent).status_code == 303
    coordinator.page("/series")
    assert coordinator.send(f"{path}/end", sent).status_code == 422


def test_a_series_that_never_met_still_has_its_pages_after_its_end(coordinator):
    series = planned(coordinator)
    path = f"/series/{series.id}"
    coordinator.page(f"{path}/end")
    assert press(coordinator, f"{path}/end", "save").status_code == 303
    for page in (path, f"{path}/change", f"{path}/end"):
        coordinator.page(page)
    coordinator.page(f"{path}/change")
    press(coordinator, f"{path}/change", "look", **RHYTHM)
    assert "Deze reeks is al beëindigd." in coordinator.last.text
    assert coordinator.send(f"{path}/extend", {"last_on": "30-6-2027"}).status_code == 422


def test_a_table_is_closed_and_opened_again(coordinator, world):
    path = f"/tables/{world.table.id}/closures"
    fields = {"name": "Zomervakantie", "first_on": "1-3-2027", "last_on": "5-3-2027"}
    assert coordinator.fill(path, {**fields, "last_on": "1-2-2027"}).status_code == 422
    assert coordinator.fill(path, fields).status_code == 303
    look(coordinator)
    assert "dinsdag 2 maart 2027 Zomervakantie" in coordinator.last.text
    assert coordinator.fill(path, action="remove").status_code == 303
    assert count(ClosurePeriod) == 0


def test_what_is_planned_in_a_closure_is_shown_cancelled_and_taken_back(
    coordinator, world, monkeypatch, mails
):
    series = planned(coordinator)
    with reading() as session:
        days = select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.starts_at)
        first, second, third, *_ = session.scalars(days)
    builders.item(second, world.case)
    deliver()
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    path, sent = f"/tables/{world.table.id}/closures", len(mails())
    fields = {"name": "Verbouwing", "first_on": "2-3-2027", "last_on": "16-3-2027"}
    answer = coordinator.fill(path, fields)
    page = coordinator.page(answer.location)
    assert [f"/meetings/{one.id}/cancel" in page.html for one in (first, second, third)] == [
        True
    ] * 3
    assert "Zeg deze 2 overleggen af" in page.text, "the prepared one has a page of its own"
    assert f"gaat wat vervalt uit de agenda: {world.chair.name}" in page.text
    assert world.coordinator.name in page.text
    end = coordinator.page(f"/series/{series.id}/end")
    assert f"gaat wat vervalt uit de agenda: {world.chair.name}" in end.text
    page = coordinator.page(answer.location)
    seen = page.form("/meetings").filled({})
    colleague_puts_a_case_on = builders.item(third, world.second_case)
    assert coordinator.send(answer.location, seen).status_code == 200
    assert "Hier is intussen iets veranderd." in coordinator.last.text
    with transaction() as session:
        session.get_one(AgendaItem, colleague_puts_a_case_on.id).removed_at = clock.now()
    coordinator.page(answer.location)
    done = coordinator.fill(answer.location, action="/meetings", follow_redirects=True)
    assert "2 overleggen zijn afgezegd." in done.text
    assert "Over 30 seconden krijgen 2 mensen bericht." in done.text
    assert "Er staat nog 1 overleg gepland tijdens Verbouwing" in coordinator.page(path).text
    answer = coordinator.fill(f"/series/{series.id}", action="/undo", follow_redirects=True)
    assert "Ongedaan gemaakt. Er gaat geen bericht uit." in answer.text
    assert "Er staan nog 3 overleggen gepland" in coordinator.page(path).text
    deliver()
    assert len(mails()) == sent


def test_a_closure_cleared_over_two_series_is_taken_back_series_by_series(
    coordinator, world, monkeypatch, mails
):
    for _ in range(2):
        look(coordinator)
        press(coordinator, "/series/new", "save")
    deliver()
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    path, sent, before = f"/tables/{world.table.id}/closures", len(mails()), stands()
    fields = {"name": "Verbouwing", "first_on": "2-3-2027", "last_on": "16-3-2027"}
    answer = coordinator.fill(path, fields)
    coordinator.page(answer.location)
    done = coordinator.fill(answer.location, action="/meetings", follow_redirects=True)
    assert "Over 30 seconden gaan de berichten uit." in done.text
    assert done.text.count("Ongedaan maken") == 2
    for left in (1, 0):
        coordinator.fill(path, action="/undo")
        assert coordinator.page(path).html.count("Ongedaan maken") == left
    assert stands() == before
    deliver()
    assert len(mails()) == sent


def stands() -> list:
    with reading() as session:
        return session.scalars(select(Meeting.cancelled_at).order_by(Meeting.id)).all()


def deliver() -> None:
    clock._current.advance(timedelta(seconds=31))
    while outbox.drain():
        pass


def test_a_planned_series_is_taken_back_from_its_page(coordinator, monkeypatch):
    monkeypatch.setattr(calendar_queue._Waiting, "delay", timedelta(seconds=30))
    before = count(Meeting)
    path = f"/series/{planned(coordinator).id}"
    form = coordinator.page(path).form("/undo").filled({})
    answer = coordinator.send(f"{path}/undo", form, follow_redirects=True)
    assert "Ongedaan gemaakt. Er gaat geen bericht uit." in answer.text
    assert (count(Meeting), count(Series)) == (before, 0)
    path = f"/series/{planned(coordinator).id}"
    form = coordinator.page(path).form("/undo").filled({})
    clock._current.advance(timedelta(seconds=31))
    answer = coordinator.send(f"{path}/undo", form, follow_redirects=True)
    assert "De berichten zijn al uitgegaan." in answer.text
    assert coordinator.send(f"{path}/undo", {"step": "x"}).status_code == 404


def test_a_change_shows_the_deadlines_it_proposes_and_gives_them_unless_unticked(
    coordinator, world
):
    series = planned(coordinator)
    with reading() as session:
        first = session.scalars(
            select(Meeting).where(Meeting.series_id == series.id).order_by(Meeting.starts_at)
        ).first()
    item = builders.item(first, world.case)
    seat = builders.seat(item, world.police_organisation, world.police)
    due = first.starts_at - timedelta(days=1)
    builders.input_request(seat, world.coordinator, deadline_at=due)
    path = f"/series/{series.id}/change"

    def deadline_after(**fields):
        coordinator.page(path)
        press(coordinator, path, "look", start="9.00", end="11.00")
        assert "1 vraag zonder antwoord" in coordinator.last.text
        assert "wordt maandag 1 maart, 09.00 uur" in coordinator.last.text
        assert press(coordinator, path, "save", **fields).status_code == 303
        with reading() as session:
            return session.scalars(select(InputRequest.deadline_at)).one()

    assert deadline_after(deadlines=[]) == due
    press_back(coordinator, path)
    assert deadline_after() == due - timedelta(hours=4)


def press_back(coordinator, path) -> None:
    """The hour it was, with the deadlines as they stand."""
    coordinator.page(path)
    press(coordinator, path, "look", start="13.00", end="15.00")
    press(coordinator, path, "save", deadlines=[])


def test_what_goes_on_until_a_change_stays_on_the_list(coordinator):
    series = planned(coordinator)
    path = f"/series/{series.id}/change"
    coordinator.page(f"{path}?from=16-03-2027")
    press(coordinator, path, "look", start="9.00", end="11.00")
    press(coordinator, path, "save")
    page = coordinator.page("/series")
    assert f"/series/{series.id}" in page.html
    assert f"/series/{the_series().id}" in page.html


def test_others_get_what_a_missing_page_gives(coordinator, world, new_client):
    series = planned(coordinator)
    paths = (
        f"/series/{series.id}",
        f"/series/{series.id}/change",
        f"/series/{series.id}/end",
        f"/tables/{world.table.id}/closures",
    )
    for who in (world.police, world.stranger, world.administrator):
        visitor = new_client().sign_in(who.id)
        for path in paths:
            assert visitor.get(path).status_code == 404, path
    elsewhere = builders.coordinator(world.host, world.other_table)
    visitor = new_client().sign_in(elsewhere.id)
    assert world.table.name not in visitor.page("/series").html
    for path in paths:
        assert visitor.get(path).status_code == 404, path


def test_the_list_takes_a_fixed_number_of_statements(coordinator, count_statements):
    planned(coordinator)
    with count_statements() as few:
        coordinator.page("/series")
    with count_statements() as page:
        coordinator.page(f"/series/{the_series().id}")
    assert len(few) <= 6
    assert len(page) <= 7
