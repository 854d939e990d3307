"""Giving seats, naming occupants and disclosing sections, on both databases."""

import dataclasses
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.access import disclosure, load_actor
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kinds import AccountState, HoldEnd, OrganisationKind
from app.features.agenda import disclosing, queries, reasons, seating
from app.infra import clock
from app.infra.db import reading, transaction
from app.infra.outbox import OutboxRow
from app.models import AuditEvent, Disclosure, InputRequest, Meeting, Person, Seat, SeatHold
from tests import builders

TEXT = reasons.Reasoning(
    ground="Artikel 9 AVG", purpose="Veiligheidsplan", necessity="Anders geen zicht op risico."
)
NO_TEXT = reasons.Reasoning(ground="", purpose="", necessity="")


@pytest.fixture
def world(app):
    return builders.small_world()


def actor_of(person: Person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


@pytest.fixture
def chair(world):
    return actor_of(world.chair)


def all_of(statement: Any) -> list[Any]:
    with transaction() as session:
        found = list(session.scalars(statement))
        session.expunge_all()
        return found


def row(model: type, row_id: uuid.UUID) -> Any:
    return all_of(select(model).where(model.id == row_id))[0]


def holds(seat_id: uuid.UUID) -> list[SeatHold]:
    return all_of(select(SeatHold).where(SeatHold.seat_id == seat_id).order_by(SeatHold.until_at))


def given(seat_id: uuid.UUID) -> dict[uuid.UUID, Disclosure]:
    statement = select(Disclosure).where(
        Disclosure.seat_id == seat_id, Disclosure.withdrawn_at.is_(None)
    )
    return {one.section_id: one for one in all_of(statement)}


def queued() -> list[uuid.UUID]:
    payloads = all_of(select(OutboxRow.payload).where(OutboxRow.kind == "calendar.sync"))
    return [uuid.UUID(json.loads(payload)["person_id"]) for payload in payloads]


def refusal_of(act, *args: Any, **more: Any) -> tuple[Reason, str | None]:
    with pytest.raises(Refusal) as caught:
        act(*args, **more)
    return caught.value.reason, caught.value.field


def save(chair, seat_id: uuid.UUID, wanted: Any) -> None:
    """Save as somebody who has just looked."""
    seen = queries.read_seat(chair, seat_id).standing
    disclosing.save_seat(chair, seat_id, dataclasses.replace(wanted, standing=seen))


def plan(world, *codes: str, person: Person | None = None, text=NO_TEXT, staff_only: bool = False):
    return disclosing.SeatPlan(
        standing="",
        person_id=person.id if person else None,
        staff_only=staff_only,
        section_ids=frozenset(world.sections[code].id for code in codes),
        deviation=text,
    )


def give(chair, world, organisation, person=None):
    return seating.give_seat(
        chair, world.second_item.id, organisation.id,
        person_id=person.id if person else None, staff_only=False,
    )  # fmt: skip


def test_a_seat_may_wait_for_its_occupant(chair, world):
    seat_id = give(chair, world, world.police_organisation)
    assert holds(seat_id) == []
    named = give(chair, world, world.police_organisation, world.police)
    assert [hold.person_id for hold in holds(named)] == [world.police.id]
    assert row(Seat, named).invited_at is None
    assert queued() == []


def test_a_seat_needs_a_covenant_on_the_day_of_the_meeting(chair, world):
    outsider = builders.organisation("ONB", OrganisationKind.OTHER)
    assert refusal_of(give, chair, world, outsider)[0] is Reason.COVENANT_MISSING
    builders.covenant(outsider, world.table, until_at=world.meeting.starts_at)
    assert refusal_of(give, chair, world, outsider)[0] is Reason.COVENANT_MISSING
    builders.covenant(outsider, world.table, from_at=world.meeting.starts_at)
    assert give(chair, world, outsider)


@pytest.mark.parametrize("why", ["foreign", "excluded", "recused", "blocked", "administrator"])
def test_an_unfit_occupant_is_not_one_of_the_possibilities(chair, world, why):
    someone = builders.person(
        world.host if why == "foreign" else world.police_organisation,
        state=AccountState.BLOCKED if why == "blocked" else AccountState.ACTIVE,
        is_administrator=why == "administrator",
    )
    if why == "excluded":
        builders.exclusion(someone, world.second_case, world.chair)
    if why == "recused":
        builders.recusal(someone, world.second_case)
    wanted = (Reason.VALUE_UNKNOWN, "occupant")
    assert refusal_of(give, chair, world, world.police_organisation, someone) == wanted
    assert all_of(select(Seat).where(Seat.organisation_id == world.police_organisation.id)) != []
    cell = queries.read_cell(chair, world.second_item.id, world.police_organisation.id)
    assert someone.id not in {one.id for one in cell.people}


def test_a_person_sits_once_at_an_item(chair, world):
    reason = refusal_of(give, chair, world, world.care_organisation, world.care)
    assert reason == (Reason.SEAT_EXISTS, "occupant")


def test_a_fixed_block_has_no_seats(chair, world):
    with pytest.raises(NotVisible):
        seating.give_seat(chair, world.opening.id, world.host.id, person_id=None, staff_only=False)


def test_another_occupant_takes_over_uninvited_and_the_first_one_hears(chair, world):
    save(
        chair, world.police_seat.id, plan(world, "reason", "safety", person=world.police_colleague)
    )
    before, after = sorted(holds(world.police_seat.id), key=lambda one: one.until_at is None)
    assert (before.person_id, before.ended) == (world.police.id, HoldEnd.REVOKED)
    assert (after.person_id, after.until_at) == (world.police_colleague.id, None)
    assert row(Seat, world.police_seat.id).invited_at is None
    assert queued() == [world.police.id]


def test_a_seat_taken_away_closes_everything_and_cancels_only_its_occupant(chair, world):
    builders.input_request(world.police_seat, world.chair)
    seating.remove_seat(chair, world.police_seat.id)
    assert row(Seat, world.police_seat.id).removed_at == clock.now()
    assert [hold.ended for hold in holds(world.police_seat.id)] == [HoldEnd.REVOKED]
    assert given(world.police_seat.id) == {}
    assert all_of(select(InputRequest))[0].withdrawn_at == clock.now()
    assert queued() == [world.police.id]
    with pytest.raises(NotVisible):
        seating.remove_seat(chair, world.police_seat.id)


def test_an_uninvited_occupant_hears_nothing(chair, world):
    with transaction() as session:
        session.execute(update(Seat).values(invited_at=None))
    seating.remove_seat(chair, world.police_seat.id)
    assert queued() == []


def test_sections_not_ticked_are_withdrawn_and_standard_ones_keep_their_text(chair, world):
    save(chair, world.police_seat.id, plan(world, "identity", "reason", person=world.police))
    now_given = given(world.police_seat.id)
    assert set(now_given) == {world.sections["identity"].id, world.sections["reason"].id}
    fresh = now_given[world.sections["identity"].id]
    assert fresh.is_standard
    assert fresh.necessity.startswith("Zonder deze rubriek")
    withdrawn = row(Disclosure, world.disclosures["police-safety"].id)
    assert withdrawn.withdrawn_at == clock.now()
    assert queued() == []


@pytest.mark.parametrize("missing", ["ground", "purpose", "necessity"])
def test_a_deviation_needs_all_three_texts(chair, world, missing):
    text = reasons.Reasoning(**{"ground": "g", "purpose": "p", "necessity": "n", missing: ""})
    wanted = plan(world, "reason", "safety", "children", person=world.police, text=text)
    assert refusal_of(save, chair, world.police_seat.id, wanted) == (
        Reason.DEVIATION_NEEDS_TEXT, missing
    )  # fmt: skip
    assert len(given(world.police_seat.id)) == 2


def test_a_deviation_may_take_a_text_of_the_table(chair, world):
    (text_id, words), *_more = queries.read_seat(chair, world.police_seat.id).texts
    text = dataclasses.replace(NO_TEXT, text_id=uuid.UUID(text_id))
    save(
        chair,
        world.police_seat.id,
        plan(world, "reason", "children", person=world.police, text=text),
    )
    chosen = given(world.police_seat.id)[world.sections["children"].id]
    assert f"{chosen.ground} · {chosen.purpose} · {chosen.necessity}" == words
    assert not chosen.is_standard
    unknown = dataclasses.replace(NO_TEXT, text_id=world.table.id)
    wanted = plan(world, "reason", "children", "health", person=world.police, text=unknown)
    assert refusal_of(save, chair, world.police_seat.id, wanted) == (Reason.VALUE_UNKNOWN, "text")


def test_a_deviation_is_stored_with_its_text(chair, world):
    wanted = plan(world, "reason", "safety", "children", person=world.police, text=TEXT)
    save(chair, world.police_seat.id, wanted)
    deviation = given(world.police_seat.id)[world.sections["children"].id]
    assert (deviation.is_standard, deviation.ground) == (False, TEXT.ground)
    assert deviation.decided_by_id == world.chair.id


def test_a_medical_section_waits_for_its_source(chair, world):
    wanted = plan(world, "reason", "health", person=world.care)
    save(chair, world.care_seat.id, wanted)
    assert given(world.care_seat.id)[world.sections["health"].id].source_decided_at is None
    page = queries.read_seat(chair, world.care_seat.id)
    waiting = [section.label_nl for section in page.sections if section.is_waiting]
    assert waiting == ["Gezondheid"]


def test_a_section_of_another_case_is_no_possibility(chair, world):
    foreign = builders.section(world.second_case, world.types["reason"], world.host)
    wanted = disclosing.SeatPlan(
        standing="", person_id=world.police.id, staff_only=False,
        section_ids=frozenset({foreign.id}), deviation=TEXT,
    )  # fmt: skip
    reason = refusal_of(save, chair, world.police_seat.id, wanted)
    assert reason == (Reason.VALUE_UNKNOWN, "sections")


def test_the_standard_is_confirmed_in_one_act_for_what_was_seen(chair, world):
    page = queries.read_standard(chair, world.item.id)
    labels = {(one.organisation, one.section.label_nl) for one in page.rows}
    assert labels == {
        ("Politie", "Persoonsgegevens"), ("GGZ Delta", "Persoonsgegevens"),
        ("GGZ Delta", "Gezondheid"),
    }  # fmt: skip
    pairs = {tuple(uuid.UUID(part) for part in one.pair.split(":")) for one in page.rows}
    builders.section(world.case, world.types["reason"], world.host, "Pas later geschreven.")
    assert disclosing.confirm_standard(chair, world.item.id, pairs) == 3
    assert all(one.is_standard for one in given(world.care_seat.id).values())
    with reading() as session:
        left = disclosure.standard_proposals(session, chair, [world.item.id], now=clock.now())
    assert len(left) == 2
    assert disclosing.confirm_standard(chair, world.item.id, pairs) == 0


def test_what_was_withdrawn_is_not_ticked_again_by_itself(chair, world):
    save(chair, world.police_seat.id, plan(world, "reason", person=world.police))
    page = queries.read_standard(chair, world.item.id)
    again = {
        one.section.label_nl: one.was_withdrawn
        for one in page.rows
        if one.organisation == "Politie"
    }
    assert again == {"Persoonsgegevens": False, "Veiligheid": True}
    seat = queries.read_seat(chair, world.police_seat.id)
    assert seat.ticked == [str(world.sections["reason"].id)]


def test_a_fresh_seat_starts_with_the_standard_ticked(chair, world):
    seat = builders.seat(world.item, world.police_organisation, world.police_colleague)
    page = queries.read_seat(chair, seat.id)
    expected = {str(world.sections[code].id) for code in ("identity", "reason", "safety")}
    assert set(page.ticked) == expected


def test_a_proposed_seat_gets_nothing_before_it_is_accepted(chair, world):
    seat = builders.seat(world.item, world.police_organisation, is_proposed=True)
    wanted = plan(world, "reason", person=world.police_colleague)
    assert refusal_of(save, chair, seat.id, wanted)[0] is Reason.STATE_NOT_ALLOWED
    assert not [
        row for row in queries.read_standard(chair, world.item.id).rows if str(seat.id) in row.pair
    ]
    seating.accept_proposal(chair, seat.id)
    save(chair, seat.id, wanted)
    assert set(given(seat.id)) == {world.sections["reason"].id}


@pytest.mark.parametrize(
    ("column", "reason"),
    [("closed_at", Reason.ALREADY_CLOSED), ("cancelled_at", Reason.MEETING_CANCELLED)],
)
def test_after_the_meeting_nothing_changes(chair, world, column, reason):
    with transaction() as session:
        session.execute(update(Meeting).values({column: clock.now()}))
    acts = (
        lambda: give(chair, world, world.police_organisation),
        lambda: seating.remove_seat(chair, world.police_seat.id),
        lambda: save(chair, world.police_seat.id, plan(world, "reason")),
        lambda: disclosing.confirm_standard(chair, world.item.id, set()),
    )
    for act in acts:
        assert refusal_of(act)[0] is reason


def test_barred_and_foreign_staff_find_no_seat(chair, world):
    builders.exclusion(world.coordinator, world.case, world.chair)
    for actor in (actor_of(world.stranger), actor_of(world.coordinator)):
        acts = (
            lambda actor=actor: seating.remove_seat(actor, world.police_seat.id),
            lambda actor=actor: disclosing.save_seat(actor, world.police_seat.id, plan(world)),
            lambda actor=actor: disclosing.confirm_standard(actor, world.item.id, set()),
            lambda actor=actor: queries.read_seat(actor, world.police_seat.id),
            lambda actor=actor: queries.read_item_seats(actor, world.item.id),
            lambda actor=actor: queries.read_cell(actor, world.item.id, world.host.id),
            lambda actor=actor: seating.give_seat(
                actor, world.item.id, world.host.id, person_id=None, staff_only=False
            ),
        )
        for act in acts:
            with pytest.raises(NotVisible):
                act()


def test_disclosures_are_in_the_access_log_section_by_section(chair, world):
    clock_before = clock.now() - timedelta(seconds=1)
    save(chair, world.police_seat.id, plan(world, "identity", "reason", person=world.police))
    logged = all_of(select(AuditEvent).where(AuditEvent.at > clock_before))
    assert {(one.event, one.section_id) for one in logged} == {
        ("authorisation-change", world.sections["identity"].id),
        ("authorisation-change", world.sections["safety"].id),
    }


def test_a_form_opened_before_a_hand_over_does_not_undo_it(chair, world):
    colleague = builders.person(world.police_organisation, "B. Nieuw")
    seen = queries.read_seat(chair, world.police_seat.id).standing
    save(chair, world.police_seat.id, plan(world, "reason", person=colleague, text=TEXT))
    late = dataclasses.replace(plan(world, "reason", person=world.police), standing=seen)
    with pytest.raises(StaleEdit):
        disclosing.save_seat(chair, world.police_seat.id, late)
    assert queries.read_seat(chair, world.police_seat.id).occupant == "B. Nieuw"


def test_a_form_opened_before_a_withdrawal_does_not_give_it_back(chair, world):
    seen = queries.read_seat(chair, world.police_seat.id).standing
    save(chair, world.police_seat.id, plan(world, person=world.police))
    late = dataclasses.replace(plan(world, "reason", person=world.police), standing=seen)
    with pytest.raises(StaleEdit):
        disclosing.save_seat(chair, world.police_seat.id, late)
    assert given(world.police_seat.id) == {}
