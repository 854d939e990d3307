"""The matrix of sections and seats: what it shows, proposes, tells apart and stores."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import load_actor
from app.domain.errors import NotVisible, Reason, Refusal, StaleEdit
from app.domain.kinds import OrganisationKind, Regime
from app.features.agenda import matrix, matrix_saving, reasons
from app.features.agenda.matrix_pages import ChangeKind, Proposal
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import AuditEvent, Disclosure, Meeting, TableRole
from tests import builders
from tests.statements import counted

NO_TEXT = reasons.Reasoning(ground="", purpose="", necessity="")
TEXT = reasons.Reasoning(ground="Artikel 9 AVG", purpose="Plan", necessity="Zonder dit niets.")


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def chair(world):
    return actor_of(world.chair)


def actor_of(person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


def item_of(actor, world, proposal=Proposal.NONE):
    page = matrix.read_matrix(actor, world.meeting.id, proposal)
    return next(one for one in page.items if one.item_id == world.item.id)


def ticked(item) -> set[tuple[str, str]]:
    """Codes of organisation and Dutch names of sections, as they are ticked."""
    codes = {column.seat_id: column.code for column in item.columns}
    return {
        (codes[box.seat_id], row.section.label_nl)
        for row in item.rows
        for box in row.boxes
        if box.is_ticked
    }


def pairs(world, *wanted: tuple[str, str]) -> frozenset:
    seats = {"police": world.police_seat.id, "care": world.care_seat.id}
    return frozenset((seats[seat], world.sections[code].id) for seat, code in wanted)


def save(actor, world, *wanted, proposal=Proposal.NONE, own=NO_TEXT, **more) -> int:
    plan = matrix_saving.MatrixPlan(
        standing=item_of(actor, world).standing, ticked=pairs(world, *wanted), proposal=proposal,
        deviation=own,
    )  # fmt: skip
    return matrix_saving.save_matrix(actor, world.item.id, dataclasses.replace(plan, **more))


def live(world) -> dict:
    with transaction() as session:
        seats = {world.police_seat.id: "police", world.care_seat.id: "care"}
        standing = select(Disclosure).where(
            Disclosure.withdrawn_at.is_(None), Disclosure.seat_id.in_(seats)
        )
        rows = list(session.scalars(standing))
        session.expunge_all()
    codes = {section.id: code for code, section in world.sections.items()}
    return {(seats[row.seat_id], codes[row.section_id]): row for row in rows}


GIVEN = {("POL", "Aanleiding"), ("POL", "Veiligheid"), ("GGZ", "Aanleiding")}
STANDARD = {("POL", "Persoonsgegevens"), ("GGZ", "Persoonsgegevens"), ("GGZ", "Gezondheid")}


def test_the_matrix_shows_what_is_given_and_what_the_standard_would_add(chair, world):
    item = item_of(chair, world)
    assert ticked(item) == GIVEN
    assert not item.differs
    proposed = item_of(chair, world, Proposal.STANDARD)
    assert ticked(proposed) == GIVEN | STANDARD
    assert proposed.differs
    gains = {one.code: [section.label_nl for section in one.gains] for one in proposed.columns}
    assert gains == {"GGZ": ["Persoonsgegevens", "Gezondheid"], "POL": ["Persoonsgegevens"]}
    assert [(one.code, one.reads, one.waits) for one in item.columns] == [("GGZ", 1, 0), ("POL", 2, 0)]  # fmt: skip


def test_who_ticks_knows_where_nobody_is_left_to_decide_for_a_source(chair, world, client):
    page = client.sign_in(world.chair.id).page(f"/meetings/{world.meeting.id}/matrix")
    assert "niemand die kan beslissen" not in page.text
    with transaction() as session:
        of_care = select(TableRole).where(TableRole.person_id == world.care.id)
        session.scalars(of_care).one().until_at = clock.now()
    names = {row.section.label_nl for row in item_of(chair, world).rows if row.section.has_nobody}
    assert names == {"Gezondheid", "Veiligheid", "Kinderen"}, "nobody speaks for the host either"
    told = client.page(f"/meetings/{world.meeting.id}/matrix").text
    assert told.count("niemand die kan beslissen") == 1, "only where the source decides"


def test_ticks_are_stored_in_one_act_with_the_texts_they_need(chair, world):
    save(chair, world, ("police", "reason"), ("police", "identity"), ("care", "reason"), ("care", "children"), own=TEXT)  # fmt: skip
    now = live(world)
    assert set(now) == {("police", "reason"), ("police", "identity"), ("care", "reason"), ("care", "children")}  # fmt: skip
    assert now["police", "identity"].is_standard
    assert now["police", "identity"].necessity.startswith("Zonder deze rubriek")
    assert (now["care", "children"].is_standard, now["care", "children"].ground) == (False, TEXT.ground)  # fmt: skip
    with reading() as session:
        logged = session.execute(
            select(AuditEvent.section_id).where(AuditEvent.object_kind == "disclosure")
        )
        told = {one for (one,) in logged}
    # Two given, one withdrawn; what stayed as it was is not decided anew.
    assert told == {world.sections[code].id for code in ("identity", "children", "safety")}


def test_a_deviation_takes_the_own_words_or_those_of_a_standard(chair, world):
    wanted = (*[("police", "reason"), ("police", "safety"), ("care", "reason")], ("police", "children"))  # fmt: skip
    with pytest.raises(Refusal) as caught:
        save(chair, world, *wanted)
    assert (caught.value.reason, caught.value.field) == (Reason.DEVIATION_NEEDS_TEXT, "ground")
    page = matrix.read_matrix(chair, world.meeting.id, Proposal.NONE)
    assert len(page.texts) == 1, "the same words once"
    text_id = matrix_saving.uuid.UUID(page.texts[0][0])
    save(chair, world, *wanted, own=dataclasses.replace(NO_TEXT, text_id=text_id))
    chosen = live(world)["police", "children"]
    assert (chosen.ground, chosen.is_standard) == ("Artikel 6 lid 1 onder e AVG", False)


def test_what_somebody_else_decided_meanwhile_is_not_undone_unseen(chair, world):
    seen = item_of(chair, world).standing
    save(chair, world, ("police", "reason"), ("care", "reason"))
    with pytest.raises(StaleEdit):
        save(chair, world, ("police", "reason"), ("police", "safety"), standing=seen)
    assert set(live(world)) == {("police", "reason"), ("care", "reason")}


def test_what_stood_last_time_is_a_proposal_and_never_more(chair, world, frozen_clock):
    """Of the same person what it read, else what all of its organisation read; texts go along."""
    before = builders.meeting(world.table, starts_at=world.meeting.starts_at - timedelta(days=14))
    item = builders.item(before, world.case)
    police = builders.seat(item, world.police_organisation, world.police)
    colleague = builders.seat(item, world.police_organisation, world.police_colleague)
    other = builders.seat(item, world.care_organisation, builders.representative(world.care_organisation, world.table))  # fmt: skip
    builders.seat(item, world.care_organisation)
    builders.disclosure(police, world.sections["children"], world.chair, ground="Van toen")
    builders.disclosure(police, world.sections["health"], world.chair, withdrawn_at=clock.now())
    builders.disclosure(colleague, world.sections["health"], world.chair)
    builders.disclosure(other, world.sections["safety"], world.chair)
    proposed = item_of(chair, world, Proposal.PREVIOUS)
    assert proposed.previous_at == before.starts_at
    # One seat of the care organisation was shown nothing, so its other seat proposes nothing.
    assert ticked(proposed) == GIVEN | {("POL", "Kinderen")}
    assert ("police", "children") not in live(world), "nothing is stored by looking"
    wanted = [
        ("police", "reason"),
        ("police", "safety"),
        ("care", "reason"),
        ("police", "children"),
    ]
    save(chair, world, *wanted, proposal=Proposal.PREVIOUS)
    assert live(world)["police", "children"].ground == "Van toen"
    assert live(world)["police", "children"].source_decided_at is None


def test_what_was_withdrawn_here_is_not_proposed_again(chair, world):
    save(chair, world, ("police", "reason"), ("care", "reason"))
    assert ("POL", "Veiligheid") not in ticked(item_of(chair, world, Proposal.STANDARD))


def test_only_what_changed_since_publication(chair, world, frozen_clock):
    with transaction() as session:
        session.get_one(Meeting, world.meeting.id).published_at = clock.now()
    assert item_of(chair, world).changes == ()
    frozen_clock.advance(timedelta(hours=1))
    save(chair, world, ("police", "reason"), ("police", "identity"), ("care", "reason"))
    frozen_clock.advance(timedelta(hours=1))
    # Given and withdrawn again, and the other way round, is no change.
    save(chair, world, ("police", "reason"), ("police", "identity"), ("care", "health"))
    frozen_clock.advance(timedelta(hours=1))
    save(chair, world, ("police", "reason"), ("police", "identity"), ("care", "reason"))
    told = {(one.kind, one.section.label_nl, one.seat) for one in item_of(chair, world).changes}
    assert told == {
        (ChangeKind.ADDED, "Persoonsgegevens", "Politie, A. Yilmaz"),
        (ChangeKind.WITHDRAWN, "Veiligheid", "Politie, A. Yilmaz"),
    }


def test_a_barred_case_and_a_foreign_meeting_have_no_matrix(chair, world):
    builders.exclusion(world.coordinator, world.case, world.chair)
    page = matrix.read_matrix(actor_of(world.coordinator), world.meeting.id, Proposal.NONE)
    assert [one.item_id for one in page.items] == [world.second_item.id]
    with pytest.raises(NotVisible):
        matrix.read_item_matrix(actor_of(world.coordinator), world.item.id, Proposal.NONE)
    with pytest.raises(NotVisible):
        matrix.read_matrix(actor_of(world.stranger), world.meeting.id, Proposal.NONE)


def test_nothing_is_stored_before_it_was_looked_at(world, client):
    """The boxes of the page are sent, what changes is told, and only that is stored."""
    staff = client.sign_in(world.chair.id)
    path = f"/items/{world.item.id}/matrix"
    staff.page(f"/meetings/{world.meeting.id}/matrix?from=standard")
    first = staff.last.form(path)
    shown = staff.send(path, first.filled({}))
    assert shown.status_code == 200
    assert "Persoonsgegevens" in staff.last.text
    assert set(live(world)) == {("police", "reason"), ("police", "safety"), ("care", "reason")}
    again = staff.last.form(path)
    other = again.filled({"pairs": [again.filled({})["pairs"][0]]})
    assert staff.send(path, other).status_code == 200, "other ticks than were looked at"
    assert len(live(world)) == 3
    assert staff.send(path, again.filled({})).status_code == 303
    assert len(live(world)) == 6
    assert staff.send(path, again.filled({"submit_key": "another"})).status_code == 409


def test_twelve_cases_ten_seats_nine_sections_take_at_most_ten_statements(world, client):
    """Whatever the proposal; the whole page, signing in included, counts."""
    with builders.together():
        last, types = world.second_item, list(world.types.values())
        organisations = [builders.organisation(f"X{n}", OrganisationKind.OTHER) for n in range(10)]
        for _ in range(12):
            about = builders.case(world.table, world.host)
            last = builders.item(world.meeting, about, after=last, minutes=5)
            made = [builders.section(about, types[n % 5], world.host, regime=Regime.AVG) for n in range(9)]  # fmt: skip
            for one in organisations:
                seat = builders.seat(last, one)
                builders.disclosure(seat, made[0], world.chair)
    staff = client.sign_in(world.chair.id)
    for path in ("", "?from=standard", "?from=previous", "?changed=1"):
        with counted() as sent:
            page = staff.get(f"/meetings/{world.meeting.id}/matrix{path}")
        assert page.status_code == 200
        assert len(sent) <= 10, "\n".join(sent)
