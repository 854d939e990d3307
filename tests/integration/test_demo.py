"""The demo region loads, repeats from its seed, reads back, and keeps out of production."""

import dataclasses

import pytest
from sqlalchemy import func, select

from app.access import conditions as c
from app.access import load_actor
from app.access.disclosure import sealed_text
from app.access.walks import from_holds
from app.domain.kinds import InputAnswer, InvitationAnswer
from app.features.demo import service
from app.infra import clock, crypto, outbox
from app.infra.db import db, transaction
from app.models import (
    Action,
    AgendaItem,
    Case,
    CaseTable,
    InputRequest,
    Invitation,
    Meeting,
    Organisation,
    Person,
    Seat,
    SeatHold,
    Section,
)
from config import Mode


def fetch(statement):
    with transaction() as session:
        return session.scalars(statement).all()


def test_the_small_region_has_what_a_newcomer_needs(app, frozen_clock):
    service.load(service.Size.SMALL)
    now = frozen_clock.now()
    assert len(fetch(select(CaseTable))) == 2
    assert 10 <= len(fetch(select(Organisation))) <= 15
    assert 20 <= len(fetch(select(Person))) <= 30
    assert 12 <= len(fetch(select(Case))) <= 16
    meetings = fetch(select(Meeting))
    assert any(one.published_at is None for one in meetings)
    assert any(one.published_at and one.opens_at <= now < one.starts_at for one in meetings)
    assert any(one.closed_at for one in meetings)
    assert all(person.password_hash is None for person in fetch(select(Person)))
    late = select(Action).where(Action.due_on < now.date(), Action.finished_at.is_(None))
    assert fetch(late)


def test_the_draft_meeting_has_problems_to_solve(app):
    service.load(service.Size.SMALL)
    draft = (
        select(Seat.id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.published_at.is_(None))
    )
    held = select(SeatHold.seat_id)
    assert fetch(draft.where(Seat.id.not_in(held)))
    assert fetch(
        select(SeatHold).where(
            SeatHold.seat_id.in_(draft), SeatHold.answer == InvitationAnswer.OPEN
        )
    )
    assert fetch(
        select(InputRequest).where(InputRequest.seat_id.in_(draft), InputRequest.answer.is_(None))
    )
    assert fetch(select(InputRequest).where(InputRequest.answer == InputAnswer.TEXT))


def test_most_said_whether_they_know_anybody_and_one_still_has_to(app):
    service.load(service.Size.SMALL)
    waiting, open_to = set(), set()
    for person in fetch(select(Person)):
        with transaction() as session:
            actor = load_actor(session, person.id, now=clock.now())
            asked = from_holds(Seat.id).where(c.is_ready_seat(actor, clock.now()))
            waiting |= set(session.scalars(asked.where(~c.knows_nobody(actor, clock.now())))) and {
                person.name
            }
            if session.scalars(asked.where(c.knows_nobody(actor, clock.now()))).first():
                open_to.add(person.name)
    assert len(waiting) == 1
    assert len(open_to) > 1


def test_every_section_reads_back_and_nothing_is_stored_in_the_clear(app):
    service.load(service.Size.SMALL)
    sections = fetch(select(Section))
    texts = crypto.unseal_many([sealed_text(section) for section in sections])
    assert all(texts)
    assert not any(b"Voorbeeldstraat" in section.text_ct for section in sections)


@pytest.mark.parametrize(
    ("database", "size"),
    [
        ("sqlite", service.Size.SMALL),
        ("postgresql", service.Size.SMALL),
        pytest.param("sqlite", service.Size.REGION, marks=pytest.mark.deep),
        pytest.param("postgresql", service.Size.REGION, marks=pytest.mark.deep),
    ],
    indirect=["database"],
)
def test_the_same_seed_gives_the_same_region(app, database, size):
    made = []
    for _ in range(2):
        service.load(size)
        made.append(fetch(select(Case.reference).order_by(Case.reference)))
        with transaction() as session:
            made.append(session.scalar(select(func.count()).select_from(Action)))
        db.engine.dispose()
        database.empty()
    assert made[:2] == made[2:]


def test_the_region_is_a_year_of_six_tables(app):
    service.load(service.Size.REGION)
    assert len(fetch(select(CaseTable))) == 6
    assert 950 <= len(fetch(select(Case.id))) <= 1_100
    assert len(fetch(select(Meeting.id))) > 500
    clashes = (
        select(SeatHold.seat_id).where(SeatHold.until_at.is_(None)).group_by(SeatHold.seat_id)
    ).having(func.count() > 1)
    assert not fetch(clashes)


def test_staff_have_in_their_calendars_what_the_region_has_coming(app, mails):
    service.load(service.Size.SMALL)
    while outbox.drain():
        pass
    coming = fetch(
        select(Meeting.id).where(Meeting.ends_at > clock.now(), Meeting.series_id.is_(None))
    )
    whole = fetch(select(Invitation.meeting_id).where(Invitation.is_whole))
    assert set(whole) == set(coming)
    assert any("Overlegreeks" in mail.subject for mail in mails())


def test_demo_data_goes_into_an_empty_database_only(app):
    run = app.test_cli_runner().invoke
    assert run(args=["demo", "load", "--size", "small"]).exit_code == 0
    assert run(args=["demo", "load", "--size", "small"]).exit_code == 1
    assert run(args=["demo", "load", "--size", "small", "--if-empty"]).exit_code == 0


def test_production_refuses_demo_data(app, settings, monkeypatch):
    production = dataclasses.replace(settings, mode=Mode.PRODUCTION)
    monkeypatch.setitem(app.config, "SETTINGS", production)
    answer = app.test_cli_runner().invoke(args=["demo", "load", "--size", "small"])
    assert answer.exit_code == 1
    assert not fetch(select(Organisation))
