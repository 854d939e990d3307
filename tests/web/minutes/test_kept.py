"""Extracts as they are fixed at adoption: versions that read the same for ever, each own part only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.access import load_actor
from app.access.records import own_extract
from app.domain import minutes_plain
from app.domain.kinds import ActionState
from app.infra import clock, wall
from app.infra.db import transaction
from app.models import (
    Action,
    Covenant,
    Decision,
    MinutesExtract,
    MinutesExtractPart,
    Organisation,
    Person,
    Seat,
)
from tests import builders
from tests.builders import World
from tests.live import change
from tests.minutes import addendum, adopt, closed_world, extract_url, note, oral


@pytest.fixture
def world(app) -> World:
    made = closed_world()
    adopt(made)
    return made


def versions(who: Person) -> list[MinutesExtract]:
    with transaction() as session:
        mine = select(MinutesExtract).where(MinutesExtract.person_id == who.id)
        return list(session.scalars(mine.order_by(MinutesExtract.version)))


def fix(world: World, who: Person) -> bool:
    """As the worker does."""
    with wall.acting_as(who.id):
        with transaction() as session:
            actor = load_actor(session, who.id, now=clock.now())
        return own_extract.fix(actor, world.meeting.id)


def downloaded(world: World, visitor) -> str:
    return visitor.send(f"{extract_url(world)}/download").text


def test_notes_dissent_and_who_explained_aloud_stand_in_it_for_whom_they_are(world, new_client):
    note(world.item, world.chair, "Notitiepolitie", to=[world.police_seat])
    note(world.item, world.chair, "Notitiezorg", to=[world.care_seat])
    mark = oral(world.item, world.care_seat, world.chair)
    builders.decision(world.item, world.chair, "Huisverbod", to=[world.police_seat], dissent="Nee")
    with transaction() as session:
        for one in session.scalars(select(Decision).where(Decision.item_id == world.item.id)):
            one.taken_by_seat_id = world.care_seat.id
            one.dissent_seat_id, one.oral_mark_id = world.care_seat.id, mark.id
    text = new_client().sign_in(world.police.id).page(extract_url(world)).text
    assert "Notitiepolitie" in text
    assert "Notitiezorg" not in text
    assert "GGZ Delta heeft mondeling toegelicht, niet vastgelegd." in text
    assert "Genomen door GGZ Delta" in text
    assert "Rust op de mondelinge toelichting van GGZ Delta" in text
    assert "Afwijkend standpunt van GGZ Delta: Nee" in text
    change(Seat, world.care_seat.id, is_staff_only=True)
    with transaction() as session:
        session.execute(delete(MinutesExtractPart))
        session.execute(delete(MinutesExtract))
    text = new_client().sign_in(world.police.id).page(extract_url(world)).text
    assert "Notitiepolitie" in text
    assert "Afwijkend standpunt" not in text
    assert "GGZ Delta" not in text


def test_a_concept_holds_no_notes(world, client):
    from app.models import Meeting

    change(Meeting, world.meeting.id, adopted_at=None)
    note(world.item, world.chair, "Notitiepolitie", to=[world.police_seat])
    oral(world.item, world.care_seat, world.chair)
    text = client.sign_in(world.police.id).page(extract_url(world)).text
    assert "Afspraakpolitie" in text
    assert "Notitiepolitie" not in text
    assert "mondeling" not in text
    assert "SHA-256" not in text
    assert "SHA-256" not in downloaded(world, client)
    assert not versions(world.police)


def test_worker_and_reader_fix_the_same_version_once(world, client):
    assert fix(world, world.police)
    (made,) = versions(world.police)
    assert (made.version, made.parts, made.opened_at) == (1, 1, None)
    page = client.sign_in(world.police.id).page(extract_url(world))
    assert "Versie 1" in page.text
    assert made.sha256 in page.text
    text = downloaded(world, client)
    assert minutes_plain.sha256_in(text) == made.sha256
    (made,) = versions(world.police)
    assert made.opened_at == made.downloaded_at == clock.now()
    assert fix(world, world.care)
    assert [one.parts for one in versions(world.care)] == [2]
    assert versions(world.care)[0].sha256 != made.sha256


def test_many_at_once_fix_one_version(app, world):
    def one(_number: int) -> bool:
        with app.app_context():
            return fix(world, world.police)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(one, range(4)))
    assert [made.version for made in versions(world.police)] == [1]


def test_what_happens_to_an_action_or_a_name_afterwards_changes_no_version(world, client):
    before = client.sign_in(world.police.id).page(extract_url(world)).text
    with transaction() as session:
        session.query(Action).update({"state": ActionState.DONE})
        session.query(Organisation).update({"name": Organisation.name + " Noord"})
    assert "Nog niet gestart".lower() in before.lower()
    after = client.page(extract_url(world)).text
    assert "GGZ Delta, T. Mulder" in after
    assert "GGZ Delta Noord" not in after
    assert "afgerond" not in after.lower()
    assert len(versions(world.police)) == 1


def test_an_addition_makes_the_next_version_and_the_first_stays(world, client):
    first = client.sign_in(world.police.id).page(extract_url(world)).text
    addendum(world.item, world.chair, "Aanvullingpolitie", to=[world.police_seat])
    addendum(world.item, world.chair, "Aanvullingzorg", to=[world.care_seat])
    text = client.page(extract_url(world)).text
    assert "Aanvullingpolitie" not in first
    assert "Aanvullingpolitie" in text
    assert "Aanvullingzorg" not in text
    assert "Versie 2" in text
    one, two = versions(world.police)
    assert one.sha256 in first
    assert two.sha256 in text


def test_what_may_no_longer_be_seen_is_gone_from_page_and_version(world, client):
    client.sign_in(world.care.id).page(extract_url(world))
    builders.exclusion(world.care, world.case, world.chair)
    text = client.page(extract_url(world)).text
    assert "Afspraaktwee" in text
    for gone in (world.case.reference, "Afspraakzorg", "Zorgneutraal", "Zorgvol"):
        assert gone not in text
        assert gone not in downloaded(world, client)
    assert [one.parts for one in versions(world.care)] == [2, 1]


def test_a_seat_that_is_withdrawn_takes_its_decision_along(world, client):
    spare = builders.seat(world.item, world.police_organisation)
    builders.hold(spare, world.police)
    builders.decision(world.item, world.chair, "Afspraakspeciaal", to=[spare])
    assert "Afspraakspeciaal" in client.sign_in(world.police.id).page(extract_url(world)).text
    change(Seat, spare.id, removed_at=clock.now())
    text = client.page(extract_url(world)).text
    assert "Afspraakpolitie" in text
    assert "Afspraakspeciaal" not in text


def test_a_covenant_that_ends_leaves_the_neutral_text_of_what_was_fixed(world, client):
    assert "Politievol" in client.sign_in(world.police.id).page(extract_url(world)).text
    with transaction() as session:
        session.query(Covenant).update({"until_at": clock.now() + timedelta(seconds=1)})
    with clock.use(clock.FrozenClock(clock.now() + timedelta(minutes=1))):
        text = client.page(extract_url(world)).text
    assert "Politieneutraal" in text
    assert "Politievol" not in text


def test_nobody_reads_the_kept_words_of_somebody_else(world, client):
    client.sign_in(world.police.id).page(extract_url(world))
    with transaction() as session:
        person = session.get_one(Person, world.care.id)
        session.expunge(person)
    for who in (person, world.chair, world.administrator):
        with wall.acting_as(who.id), transaction() as session:
            seen = session.scalars(select(MinutesExtractPart.item_id)).all()
            is_walled = session.connection().dialect.name == "postgresql"
        assert not (is_walled and seen)
    assert all(row.canonical_ct and b"Afspraak" not in row.canonical_ct for row in _parts())


def _parts() -> list[MinutesExtractPart]:
    with transaction() as session:
        return list(session.scalars(select(MinutesExtractPart)))
