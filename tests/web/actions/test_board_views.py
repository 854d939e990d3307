"""The board as an address: filters, order, views somebody keeps, by state, by day, one household."""

from datetime import date, timedelta

from sqlalchemy import select

from app.access.records import board, saved_views
from app.domain.board import Filters, read_query
from app.domain.kinds import ActionState, NoticeStep, TableRoleName
from app.features.actions import queries
from app.infra import clock
from app.infra.db import reading
from app.models import ActionNotice, ActionPause, FollowUp, HouseholdCase, SavedView
from tests import builders
from tests.actions import SAFE, ask_time, events, verified_at
from tests.seats import change


def act(world, of=None, who=None, *, at=None, **more):
    return builders.action(
        at or world.item, of or world.care_organisation, who, world.chair, **more
    )


def link_with(page, *parts: str) -> str:
    """The one link of a page that holds all of these."""
    [found] = {one for one in page.links if all(part in one for part in parts)}
    return found


def test_late_actions_of_one_partner_at_one_table_are_two_clicks_from_home(
    world, staff, new_client
):
    late = date(2026, 5, 1)
    act(world, due_on=late, safe="Van de zorg te laat")
    act(world, world.police_organisation, due_on=late, safe="Van de politie te laat")
    act(world, safe="Van de zorg op tijd")
    home = staff.page("/")
    summary = staff.page(link_with(home, "/actions/late"))
    assert "1 actie te laat" in summary.text
    found = staff.page(link_with(summary, f"organisation={world.care_organisation.id}"))
    assert "Van de zorg te laat" in found.text
    assert "31 dagen te laat" in found.text
    for other in ("Van de politie te laat", "Van de zorg op tijd", SAFE):
        assert other not in found.text
    builders.exclusion(world.coordinator, world.case, world.chair)
    assert "te laat per" not in staff.page("/").text.lower(), "a barred case counts nowhere"
    assert "1 actie te laat" not in staff.page("/actions/late").text
    stranger = new_client().sign_in(world.stranger.id)
    assert str(world.care_organisation.id) not in stranger.page("/actions/late").html


def test_filters_stand_in_the_address_and_the_order_is_total(world, staff, monkeypatch):
    police, care = world.police_organisation, world.care_organisation
    act(world, care, world.care, due_on=date(2026, 6, 10), safe="Zorg tien juni")
    act(world, police, due_on=date(2026, 6, 3), safe="Politie drie juni")
    act(world, police, due_on=date(2026, 6, 4), state=ActionState.DONE, safe="Politie klaar")
    gone = act(world, taken_back_at=clock.now(), safe="Teruggenomen")
    seen = staff.page("/actions?due_from=4-6-2026&due_until=10-6-2026").text
    assert "Zorg tien juni" in seen
    assert "Politie drie juni" not in seen
    assert gone.id
    every = staff.page("/actions?state=all").text
    assert "Teruggenomen" not in every
    assert every.index(SAFE) < every.index("Politie klaar"), "what is to be done comes first"
    of_police = f"/actions?organisation={police.id}"
    assert "A. Yilmaz" in staff.page(of_police).text, "its people can be chosen"
    mine = staff.page(f"{of_police}&person={world.police.id}").text
    assert SAFE in mine
    assert "Politie drie juni" not in mine
    assert "Politie drie juni" in staff.page(f"{of_police}&person=nobody").text
    down = staff.page("/actions?sort=-due").text
    assert down.index(SAFE) < down.index("Zorg tien juni") < down.index("Politie drie juni")
    for odd in ("sort=x", "household=x", "due_from=31-2-2026", "verified=maybe", "person=x"):
        assert staff.get(f"/actions?{odd}").status_code == 422, odd
    monkeypatch.setattr(board, "MOST_COUNTED", 2)
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    first = staff.page("/actions?sort=organisation")
    assert "2+ gevonden" in first.text
    assert "Pagina 1 " in first.text
    second = staff.page(link_with(first, "page=2", "sort=organisation"))
    both = first.text + second.text
    assert all(one in both for one in (SAFE, "Zorg tien juni", "Politie drie juni"))


def test_a_view_is_kept_names_itself_and_goes_with_one_press(world, staff, new_client):
    query = f"?overdue=y&organisation={world.care_organisation.id}&state=unfinished&table="
    answer = staff.fill(f"/actions{query}", action="/actions/views")
    page = staff.page(answer.location)
    name = f"te laat · {world.care_organisation.name}"
    assert name in page.text
    assert "Bewaar deze weergave" not in page.text
    staff.send("/actions/views", {"query": Filters(person_id=world.care.id).query()})
    assert world.care.name in staff.page("/actions").text, "named though nobody chose from a list"
    with reading() as session:
        kept = session.scalars(select(SavedView).order_by(SavedView.query)).all()
    assert read_query(kept[0].query) == Filters(
        organisation_id=world.care_organisation.id, only_overdue=True
    )
    remove = f"/actions/views/{kept[0].id}/remove"
    other = new_client().sign_in(world.chair.id)
    assert name not in other.page("/actions").text
    assert other.send(remove).status_code == 404
    assert staff.send(remove).status_code == 303
    assert name not in staff.page("/actions").text
    assert staff.send("/actions/views", {"query": "state=vrije tekst"}).status_code == 404
    builders.save_all(
        *(
            SavedView(person_id=world.coordinator.id, query=f"due_from=0{n}-06-20{n}0", kept_at=clock.now())
            for n in range(1, saved_views.MOST_KEPT)
            if n < 10
        ),
        *(
            SavedView(person_id=world.coordinator.id, query=f"due_from=0{n}-07-20{n}1", kept_at=clock.now())
            for n in range(1, 10)
        ),
        SavedView(person_id=world.coordinator.id, query="due_from=01-08-2026", kept_at=clock.now()),
    )  # fmt: skip
    answer = staff.send("/actions/views", {"query": "overdue=y"})
    assert "al 20 weergaven" in staff.page(answer.location).text


def test_the_board_by_state_and_by_day(world, staff, monkeypatch):
    monkeypatch.setattr(queries, "PER_COLUMN", 1)
    act(world, due_on=date(2026, 5, 25), safe="Op tweede pinksterdag")
    act(world, state=ActionState.NOT_DONE, due_on=date(2026, 6, 2), safe="Niet gedaan")
    columns = staff.page("/actions/columns")
    assert [words for level, words in columns.headings if level == "h2"][-6:] == [
        "Nog niet gestart", "In uitvoering", "Afgerond", "Niet uitvoerbaar", "Niet uitgevoerd",
        "Vervallen",
    ]  # fmt: skip
    assert "Op tweede pinksterdag" in columns.text
    assert SAFE not in columns.text, "the first only"
    assert "Niet gedaan" in columns.text
    assert SAFE in staff.page(link_with(columns, "/actions?", "state=open")).text
    june = staff.page("/actions/calendar")
    assert "juni 2026" in june.text
    assert SAFE in june.text
    assert "Niet gedaan" not in june.text, "filters hold here too"
    assert {"23", "27"} <= set(june.text.split()), "the weeks of June by their numbers"
    may = staff.page(link_with(june, "month=2026-05", "/actions/calendar"))
    assert "Tweede pinksterdag" in may.text
    assert "Op tweede pinksterdag" in may.text
    assert "Op tweede pinksterdag" in staff.page("/actions/calendar?month=2026-05&overdue=y").text
    none = staff.page("/actions/calendar?month=2026-05&due_from=26-5-2026").text
    assert "Op tweede pinksterdag" not in none
    for odd in ("2026-13", "x", "0000-01", "9999-12"):
        assert "juni 2026" in staff.page(f"/actions/calendar?month={odd}").text
    for number in range(4):
        act(world, due_on=date(2026, 6, 16), safe=f"Zestien juni {number}")
    whole = link_with(staff.page("/actions/calendar?state=all"), "due_from=16-06-2026")
    assert "4 gevonden" in staff.page(whole).text


def test_one_list_over_the_tables_of_a_household(world, staff, new_client):
    far = builders.table("Tafel elders", "ELD")
    there = builders.case(far, world.host)
    item = builders.item(builders.meeting(far), there)
    act(world, at=item, safe="Bij de andere tafel")
    act(world, at=world.second_item, safe="Andere casus hier")
    builders.save_all(
        *(
            HouseholdCase(
                household_id=far.id, case_id=one.id, linked_by_id=world.coordinator.id,
                linked_at=clock.now(),
            )
            for one in (world.case, there)
        )
    )  # fmt: skip
    address = f"/actions?household={world.case.id}"
    before = staff.page(address)
    assert SAFE in before.text
    for hidden in ("Bij de andere tafel", "Andere casus hier", "ELD", there.reference):
        assert hidden not in before.html
    assert world.case.reference in before.text
    unknown = staff.page(f"/actions?household={there.id}").text
    assert there.reference not in unknown
    assert "Geen actie past" in unknown
    builders.role(world.coordinator, far, TableRoleName.COORDINATOR)
    both = staff.page(address).text
    assert SAFE in both
    assert "Bij de andere tafel" in both
    assert "Tafel elders" in both
    assert "Andere casus hier" not in both
    assert "Geen actie past" in new_client().sign_in(world.chair.id).page(address).text
    builders.exclusion(world.coordinator, world.case, world.chair)
    barred = staff.page(address).text
    assert "Bij de andere tafel" not in barred
    assert world.case.reference not in barred


def test_what_is_done_is_confirmed_with_one_press_until_its_holder_says_otherwise(
    world, action, police, staff
):
    def report(state, why=""):
        police.fill(f"/my-actions/{action.id}", {"state": state, "remark": why})

    report("done")
    assert "bevestig" not in staff.page(f"/actions/{action.id}").text.lower()
    assert "te bevestigen" not in staff.page("/actions").text
    verified_at(world.table, world.coordinator)
    change(
        FollowUp, FollowUp.table_id == world.table.id, verifies_from=clock.now() + timedelta(days=1)
    )
    assert SAFE not in staff.page("/actions?verified=no").text, "what was done before is not asked"
    change(FollowUp, FollowUp.table_id == world.table.id, verifies_from=clock.now())
    waiting = staff.page(link_with(staff.page("/"), "verified=no"))
    assert SAFE in waiting.text
    assert "Nog niet bevestigd" in waiting.text
    stale = staff.send(f"/actions/{action.id}/verify", {"version": "1"})
    assert "intussen gewijzigd" in staff.page(stale.location).text
    answer = staff.fill(f"/actions/{action.id}", action="/verify")
    page = staff.page(answer.location)
    assert f"Bevestigd {world.coordinator.name}" in page.text
    assert events(action)[-1].is_verification
    again = staff.send(f"/actions/{action.id}/verify", {"version": "3"})
    assert again.status_code == 303
    assert len(events(action)) == 2, "once"
    assert SAFE not in staff.page("/actions?verified=no").text
    assert SAFE in staff.page("/actions?verified=yes").text
    report("not-possible", "Toch niet.")
    assert SAFE not in staff.page("/actions?verified=yes&state=all").text
    report("done")
    assert SAFE in staff.page("/actions?verified=no").text


def test_staff_answer_who_asks_for_more_time(world, action, staff, new_client, mails):
    ask_time(action, world.police, until_on=date(2026, 7, 1))
    listed = staff.page(link_with(staff.page("/"), "asked=y"))
    assert "vraagt tot 01-07-2026" in listed.text
    path = link_with(listed, "/more-time")
    page = staff.page(path)
    assert "Wacht op school." in page.text
    assert new_client().sign_in(world.stranger.id).get(path).status_code == 404
    assert staff.fill(path, {"answer": "refuse"}).status_code == 422
    assert staff.fill(path, {"until_on": "1-1-2026"}).status_code == 422
    answer = staff.fill(path, {"until_on": "3-7-2026"})
    shown = staff.page(answer.location).text
    assert "03-07-2026" in shown
    assert staff.get(path).status_code == 404, "answered once"
    assert "vraagt meer tijd" not in staff.page("/").text
    ask_time(action, world.police, until_on=date(2026, 8, 1))
    answer = staff.fill(path, {"answer": "refuse", "remark": "De zitting is eerder."})
    text = staff.page(answer.location).text
    assert "De zitting is eerder." in text
    assert "Termijn 03-07-2026" in text


def test_the_history_says_who_was_told_and_when_it_paused(world, action, staff):
    pause = events_of_pause(world, action)
    builders.save_all(
        *(
            ActionNotice(
                action_id=action.id, person_id=who.id, step=step, due_on=action.due_on,
                since=action.recorded_at, days=1,
                told_at=clock.now() + timedelta(minutes=1), mail_id=pause.id,
            )
            for who, step in (
                (world.police, NoticeStep.BEFORE),
                (world.police_colleague, NoticeStep.DEPUTY),
            )
        )
    )  # fmt: skip
    text = staff.page(f"/actions/{action.id}").text
    assert "Bericht aan actiehouder: A. Yilmaz" in text
    assert f"Bericht aan teamleider of vervanger: {world.police_colleague.name}" in text
    assert "Herinneren gepauzeerd tot 12-06-2026" in text
    assert "gepauzeerd tot 12-06-2026" in staff.page("/actions").text


def events_of_pause(world, action) -> ActionPause:
    ask_time(action, world.coordinator, until_on=date(2026, 7, 1))
    return builders.save(
        ActionPause(
            action_id=action.id, event_id=events(action)[0].id, by_id=world.coordinator.id,
            from_at=clock.now(), until_on=date(2026, 6, 12),
        )
    )  # fmt: skip
