"""What a subscription shows of a person's own slots: busy time, and words only after comparison."""

from sqlalchemy import select, update

from app.domain.kinds import FeedContent
from app.features.calendar import service, subscriptions
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import (
    CaseTable,
    Invitation,
    Person,
    TableRole,
)
from tests.calendar_readers import unfolded
from tests.feeds import actor_of, change, drain, events, fetched, later, subscribe, take_seat


def tell(who) -> None:
    """Show more than times, once that was looked at."""
    subscriptions.choose_content(actor_of(who), FeedContent.MEETING)
    drain()


def test_a_slot_is_busy_time_and_nothing_else(world, police):
    [event] = events(police)
    assert (event["start"], event["end"]) == ("2026-06-15T11:10:00Z", "2026-06-15T11:40:00Z")
    assert (event["summary"], event["status"]) == ("Bezet", "CONFIRMED")
    assert (event["location"], event["description"], event["organizer"]) == (None, None, None)
    names = {line.split(":")[0].split(";")[0] for line in unfolded(fetched(police))}
    assert not names & {"METHOD", "ATTENDEE", "ORGANIZER", "LOCATION", "DESCRIPTION", "URL"}


def test_the_owner_chooses_to_see_the_place_and_reads_the_own_language(world, police):
    tell(world.police)
    [event] = events(police)
    assert (event["summary"], event["location"]) == ("Overleg", "Zaal 2, Stadhuis")
    change(Person, world.police, language="en")
    assert events(police)[0]["summary"] == "Meeting"
    subscriptions.choose_content(actor_of(world.police), FeedContent.BUSY)
    assert (events(police)[0]["summary"], events(police)[0]["location"]) == ("Busy", None)


def test_the_title_is_the_table_s_own_where_it_has_one(world, police):
    change(CaseTable, world.table, calendar_words="Regiotafel")
    tell(world.police)
    assert events(police)[0]["summary"] == "Regiotafel"
    subscriptions.choose_content(actor_of(world.police), FeedContent.BUSY)
    assert events(police)[0]["summary"] == "Bezet"


def test_words_show_only_once_they_were_compared_with_the_cases_there(world, police):
    change(CaseTable, world.table, calendar_words="Regiotafel")
    subscriptions.choose_content(actor_of(world.police), FeedContent.MEETING)
    assert shown(police) == ("Overleg", None)
    drain()
    assert shown(police) == ("Regiotafel", "Zaal 2, Stadhuis")
    change(CaseTable, world.table, calendar_words="Nieuwe tafel")
    assert shown(police) == ("Overleg", "Zaal 2, Stadhuis")
    drain()
    assert shown(police) == ("Nieuwe tafel", "Zaal 2, Stadhuis")


def test_words_that_name_something_of_a_case_never_show(world, police):
    code = f"Zaal van {world.case.reference}"
    change(CaseTable, world.table, calendar_words=code)
    change(Invitation, one_entry(), place=code)
    tell(world.police)
    assert shown(police) == ("Overleg", None)


def test_words_are_compared_anew_after_a_day_for_a_case_may_have_come(world, police):
    tell(world.police)
    assert shown(police)[1] == "Zaal 2, Stadhuis"
    change(type(world.case), world.case, reference="STADHUIS")
    fetched(police)
    drain()
    assert shown(police)[1] == "Zaal 2, Stadhuis"
    later(days=1)
    fetched(police)
    drain()
    assert shown(police)[1] is None


def shown(token: str) -> tuple[str, str | None]:
    [event] = events(token)
    return event["summary"], event["location"]


def one_entry() -> Invitation:
    with reading() as session:
        return session.scalars(select(Invitation)).one()


def test_what_was_cancelled_stays_some_weeks_as_such_without_its_place(world, police):
    tell(world.police)
    take_seat(world)
    service.synchronise(world.meeting.id, world.police.id)
    [event] = events(police)
    assert (event["status"], event["location"], event["sequence"]) == ("CANCELLED", None, 1)
    later(weeks=4, seconds=1)
    assert events(police) == []


def test_staff_see_whole_meetings_for_as_long_as_they_serve(world):
    token = subscribe(world.coordinator)
    service.synchronise(world.meeting.id, world.coordinator.id)
    [event] = events(token)
    assert event["start"] == "2026-06-15T11:00:00Z"
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.person_id == world.coordinator.id)
            .values(until_at=clock.now())
        )
    assert events(token) == []
