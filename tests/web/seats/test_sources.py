"""What a source does about its readers: asks to be asked, answers, takes back, keeps a receipt."""

import csv
import io
from datetime import timedelta

import pytest

from app.access import load_actor, scopes
from app.access.meetings.planning import section_counts
from app.access.oversight import why
from app.domain.errors import NotPermitted, NotVisible, Reason, Refusal
from app.domain.kinds import Regime, TaskKind
from app.domain.local_time import to_local
from app.features.agenda.queries import read_seat
from app.features.seats import deciding, giving, sharing
from app.infra import clock
from app.infra.db import reading
from app.models import (
    Case,
    Disclosure,
    InputRequest,
    Meeting,
    Seat,
    Section,
    SectionType,
    Task,
    TaskSection,
)
from tests import builders
from tests.seats import all_of, change, later, recorded


def actor_of(person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


def sees(person, section) -> bool:
    with reading() as session:
        actor = load_actor(session, person.id, now=clock.now())
        mine = scopes.visible_sections(actor, now=clock.now()).where(Section.id == section.id)
        return session.execute(mine).first() is not None


@pytest.fixture
def wanted(world):
    """The police asked to be asked about the reason of the case; one extra reader came after."""
    section = world.sections["reason"]
    later(minutes=1)
    sharing.ask_me(actor_of(world.police), section.id, wanted=True)
    later(minutes=1)
    shelter = builders.representative(world.host, world.table)
    seat = builders.seat(world.item, world.host, shelter)
    builders.acceptance(shelter, world.meeting)
    builders.declaration(shelter, world.sections["identity"])
    return shelter, builders.disclosure(seat, section, world.chair)


def test_who_reads_reads_on_and_every_extra_reader_waits_for_the_source(world, wanted, police):
    extra, given = wanted
    section = world.sections["reason"]
    assert sees(world.police, section)
    assert sees(world.care, section), "given before the source asked to be asked"
    assert not sees(extra, section)
    later(minutes=1)
    sharing.ask_me(actor_of(world.police), section.id, wanted=True)
    assert not sees(extra, section), "asking twice lets in nobody who waits"
    seat = read_seat(actor_of(world.chair), given.seat_id)
    assert [one.label_nl for one in seat.sections if one.is_waiting] == ["Aanleiding"]
    assert "Over 1 rubriek van uw organisatie beslist u wie meeleest" in police.page("/").text
    assert "u vroeg hierom" in police.page("/my-disclosures").text
    police.send(f"/my-disclosures/{given.id}", {"decision": "allow"})
    assert sees(extra, section)
    kept = all_of(Disclosure, Disclosure.id == given.id)[0]
    assert (kept.source_decided_by_id, kept.source_until_at) == (world.police.id, None)


def test_a_yes_may_end(world, wanted, police):
    extra, given = wanted
    today = clock.today()
    path = f"/my-disclosures/{given.id}"
    police.page("/my-disclosures")
    past = today - timedelta(days=1)
    assert (
        police.send(path, {"decision": "allow", "last_on": f"{past:%d-%m-%Y}"}).status_code == 422
    )
    assert police.send(path, {"decision": "allow", "last_on": "morgen"}).status_code == 422
    assert not sees(extra, world.sections["reason"])
    assert (
        police.send(path, {"decision": "allow", "last_on": f"{today:%d-%m-%Y}"}).status_code == 303
    )
    assert sees(extra, world.sections["reason"])
    later(days=1)
    assert not sees(extra, world.sections["reason"])


def test_a_no_closes_and_both_are_in_the_minutes_of_staff(world, wanted, police, staff):
    extra, given = wanted
    police.page("/my-disclosures")
    police.send(f"/my-disclosures/{given.id}", {"decision": "refuse"})
    assert not sees(extra, world.sections["reason"])
    assert all_of(Disclosure, Disclosure.id == given.id)[0].withdrawn_at is not None
    minutes = staff.page(f"/meetings/{world.meeting.id}/minutes").text
    assert "Besluiten van bronnen" in minutes
    assert "niet meelezen" in minutes
    assert world.police.name in minutes


def test_only_the_source_asks_to_be_asked(world, care, police):
    path = f"/my-shares/{world.sections['reason'].id}/asks"
    care.page("/my-shares")
    assert care.send(path, {"asks": "yes"}).status_code in (403, 404)
    police.page("/my-shares")
    assert police.send(path, {"asks": "misschien"}).status_code == 422
    assert all_of(Section, Section.id == world.sections["reason"].id)[0].asks_from is None
    assert police.send(path, {"asks": "yes"}).status_code == 303
    assert "u beslist over elke extra lezer" in police.page("/my-shares").text
    assert recorded(world.police, "section", "authorisation-change") == 1
    police.send(path, {"asks": "no"})
    assert all_of(Section, Section.id == world.sections["reason"].id)[0].asks_from is None


def test_a_task_that_names_a_section_under_secrecy_waits_for_the_source_too(world, care, staff):
    holder, section = world.police_colleague, world.sections["health"]
    task = builders.save(Task(
        person_id=holder.id, organisation_id=holder.organisation_id, case_id=world.case.id,
        table_id=world.table.id, kind=TaskKind.INFORMATION_REQUEST,
        from_at=clock.now(), until_at=clock.now() + timedelta(days=5), accepted_at=clock.now(),
        granted_by_id=world.chair.id, granted_at=clock.now(),
    ))  # fmt: skip
    builders.save(TaskSection(task_id=task.id, section_id=section.id))
    assert not sees(holder, section)
    with pytest.raises(NotVisible):
        deciding.decide_task(actor_of(world.police), task.id, section.id, deciding.Said(allow=True))
    assert "Informatieverzoek" in care.page("/my-disclosures").text
    path = f"/my-disclosures/tasks/{task.id}/{section.id}"
    assert care.send(path, {"decision": "allow"}).status_code == 422, "medical needs a basis"
    assert care.send(path, {"decision": "allow", "basis": "consent"}).status_code == 303
    assert sees(holder, section)
    assert "Informatieverzoek" in care.page("/my-shares").text
    minutes = staff.page(f"/meetings/{world.meeting.id}/minutes").text
    assert "Besluiten van bronnen" in minutes
    assert holder.name not in minutes, "the organisation that reads, decided by the source"
    assert world.care.name in minutes
    change(TaskSection, TaskSection.task_id == task.id, source_refused=True)
    assert not sees(holder, section)


@pytest.fixture
def given_input(world):
    """The police answered a question before the meeting, and the care organisation reads it."""
    request = builders.input_request(world.police_seat, world.coordinator)
    given = giving.GivenInput(answer=giving.InputAnswer.TEXT, text="Kanarie-inbreng", asks=True)
    giving.give(actor_of(world.police), request.id, given)
    answered = all_of(InputRequest, InputRequest.id == request.id)[0]
    section = all_of(Section, Section.id == answered.section_id)[0]
    builders.disclosure(world.care_seat, section, world.chair, source_decided_at=clock.now())
    return section, request


def test_input_may_ask_for_every_reader_at_once(world, given_input):
    assert given_input[0].asks_from == clock.now()


def test_own_input_can_be_taken_back_before_the_meeting(world, given_input, police, staff):
    section, request = given_input
    assert sees(world.care, section)
    police.page(f"/my-input/texts/{section.id}")
    assert police.send(f"/my-input/texts/{section.id}/recall").status_code == 303
    assert not sees(world.care, section)
    kept = all_of(Section, Section.id == section.id)[0]
    assert kept.text_ct is None, "staff read it no longer either"
    again = all_of(InputRequest, InputRequest.id == request.id)[0]
    assert (again.answered_at, again.recalled_at) == (None, clock.now())
    assert recorded(world.police, "section", "delete") == 1
    assert f"/my-input/{request.id}" in police.page("/").html, "the question waits again"
    taken_back = f"eruggetrokken door de bron op {to_local(clock.now()):%d-%m-%Y}"
    for page in ("matrix", "input", "minutes"):
        seen = staff.page(f"/meetings/{world.meeting.id}/{page}").text
        assert taken_back in seen, page
        assert "Kanarie-inbreng" not in seen
    chair = actor_of(world.chair)
    with reading() as session:
        counted = section_counts(session, chair, world.meeting, now=clock.now())
    (here,) = [one for one in counted if one.case_id == world.case.id]
    assert here.total == len(all_of(Section, Section.case_id == world.case.id)) - 1
    giving.give(
        actor_of(world.police), request.id,
        giving.GivenInput(answer=giving.InputAnswer.TEXT, text="Anders"),
    )  # fmt: skip
    assert not sees(world.care, section), "nobody reads the new text without a new decision"


def test_who_read_by_a_task_reads_nothing_new_after_it_was_taken_back(world):
    request = builders.input_request(world.police_seat, world.coordinator)
    given = giving.GivenInput(answer=giving.InputAnswer.TEXT, text="Eerst")
    giving.give(actor_of(world.police), request.id, given)
    answered = all_of(InputRequest, InputRequest.id == request.id)[0]
    section = all_of(Section, Section.id == answered.section_id)[0]
    holder = world.police_colleague
    task = builders.task(
        holder, world.case, world.chair, sections=[section], accepted_at=clock.now()
    )
    assert sees(holder, section)
    sharing.recall(actor_of(world.police), section.id)
    giving.give(actor_of(world.police), request.id, given)
    assert not sees(holder, section)
    with reading() as session:
        case = session.get_one(Case, world.case.id)
        [told] = [
            one
            for one in why.explain(session, session.merge(holder), case, now=clock.now())
            if one.section_id == section.id
        ]
    assert told.missing == (why.Missing.SOURCE_UNDECIDED,)
    assert all_of(Task, Task.id == task.id)[0].ended_at is None


def test_a_task_of_whom_only_staff_know_is_not_named_to_the_source(world, police):
    change(Seat, Seat.id == world.care_seat.id, is_staff_only=True)
    section = world.sections["reason"]
    builders.task(world.care, world.case, world.chair, sections=[section], accepted_at=clock.now())
    for path in ("/my-shares", "/my-shares.csv"):
        text = police.get(path).get_data(as_text=True)
        assert "GGZ Delta" not in text
        assert "een deelnemer die alleen de procesregisseur kent" in text


def test_what_is_on_the_table_is_not_taken_back(world, given_input):
    change(Meeting, Meeting.id == world.meeting.id, started_at=clock.now())
    with pytest.raises(Refusal) as caught:
        sharing.recall(actor_of(world.police), given_input[0].id)
    assert caught.value.reason is Reason.INPUT_DISCUSSED
    for stranger in (world.care, world.police_colleague):
        with pytest.raises((NotVisible, NotPermitted)):
            sharing.recall(actor_of(stranger), given_input[0].id)
    assert all_of(Section, Section.id == given_input[0].id)[0].text_ct is not None


def test_the_receipt_says_what_was_shared_with_whom_why_and_until_when(world, police):
    builders.disclosure(
        builders.seat(world.item, world.host, is_staff_only=True),
        world.sections["reason"], world.chair,
    )  # fmt: skip
    builders.task(
        world.care, world.case, world.chair, kind=TaskKind.GUEST, item_id=world.item.id,
        sections=[world.sections["reason"]], accepted_at=clock.now(),
        until_at=clock.now() + timedelta(days=200),
    )  # fmt: skip
    answer = police.get("/my-shares.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    told = {(row["Rubriek"], row["Wie leest mee"], row["Doel"]) for row in rows}
    hidden = "een deelnemer die alleen de procesregisseur kent"
    assert told == {
        ("Aanleiding", "Politie", "Veiligheidsplan"),
        ("Aanleiding", "GGZ Delta", "Veiligheidsplan"),
        ("Aanleiding", hidden, "Veiligheidsplan"),
        ("Aanleiding", "GGZ Delta", "Gast bij één bespreking"),
    }
    assert {row["Zichtbaar tot"] for row in rows} == {
        world.meeting.closes_at.isoformat(timespec="minutes")
    }
    assert recorded(world.police, "receipt", "copy-print-export") == 1
    page = police.page("/my-shares").text
    assert "GGZ Delta" in page
    assert "Kanarie" not in page, "a receipt holds no text"


def test_the_receipt_ends_where_reading_ended_and_leaves_out_what_never_opened(world, police, care):
    change(Section, Section.id == world.sections["reason"].id, regime=Regime.WPG)
    assert "GGZ Delta" not in police.page("/my-shares").text, "the source was never asked"
    change(Disclosure, Disclosure.id == world.disclosures["care-reason"].id,
           source_decided_at=clock.now(), withdrawn_at=clock.now() + timedelta(hours=1))  # fmt: skip
    assert "GGZ Delta" in police.page("/my-shares").text
    change(Meeting, Meeting.id == world.meeting.id, published_at=None)
    assert "GGZ Delta" not in police.page("/my-shares").text
    assert "Aanleiding" not in care.page("/my-shares").text, "of the own organisation alone"


def test_the_receipt_tells_of_a_case_lead_and_of_an_emergency_too(world, police):
    """A plan opens to the case lead without being named, an emergency opens everything.

    Who is asked for input gets to know whom it is about.
    """
    change(Section, Section.id == world.sections["identity"].id,
           source_organisation_id=world.police_organisation.id)  # fmt: skip
    builders.input_request(world.care_seat, world.coordinator)
    change(SectionType, SectionType.id == world.types["reason"].id, is_plan=True)
    builders.task(
        world.care, world.case, world.chair, kind=TaskKind.CASE_LEAD, accepted_at=clock.now()
    )
    builders.emergency(world.coordinator, world.case)
    page = police.page("/my-shares")
    assert "Casusregie" in page.text
    assert "Noodtoegang bij acuut gevaar" in page.text
    lines = police.get("/my-shares.csv").get_data(as_text=True)
    assert lines.count("Casusregie") == 1, "the plan alone"
    assert lines.count("Gevraagd om inbreng") == 1, "identity alone"
