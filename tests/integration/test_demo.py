"""The demo region loads, repeats from its seed, reads back, and keeps out of production."""

import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access import conditions as c
from app.access import load_actor
from app.access.disclosure import sealed_text
from app.access.oversight import figures
from app.access.walks import from_holds
from app.domain.figures import year_of
from app.domain.kinds import (
    AccountState,
    InputAnswer,
    InvitationAnswer,
    ReferralState,
    TableKind,
    TableRoleName,
)
from app.features.demo import service
from app.features.recertification import rounds
from app.infra import clock, crypto, outbox
from app.infra.db import db, transaction
from app.models import (
    Action,
    ActionNotice,
    AgendaItem,
    Case,
    CaseTable,
    ExclusionOrder,
    Handover,
    HouseholdCase,
    InputRequest,
    Invitation,
    Meeting,
    NewFact,
    Organisation,
    OrganisationContact,
    Person,
    Recertification,
    Referral,
    ReferralCriterion,
    ReferralQuestion,
    Seat,
    SeatHold,
    Section,
    TableRole,
    TaskReason,
)
from config import Mode
from tests.databases import MOSTLY_SQLITE


def fetch(statement):
    with transaction() as session:
        return session.scalars(statement).all()


def test_the_small_region_has_what_a_newcomer_needs(app, frozen_clock):
    service.load(service.Size.SMALL)
    now = frozen_clock.now()
    assert len(fetch(select(CaseTable))) == 2
    assert 10 <= len(fetch(select(Organisation))) <= 15
    assert 20 <= len(fetch(select(Person))) <= 30
    assert 15 <= len(fetch(select(Case))) <= 20
    roles = fetch(select(TableRole))
    assert [one.role for one in roles].count(TableRoleName.DEPUTY) == 1
    assert len([one for one in roles if one.until_at is not None and one.until_at > now]) == 1
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


# What its rhythms say of the last calendar year (domain.md §6).
FIGURES = {
    "mda-cases": 28, "zsm-cases": 430, "zsm-advices": 357, "action-cases": 260,
    "on-the-spot-cases": 120, "screening-cases": 200, "chats": 429,
    "safety-house-submissions": 35, "safety-house-pga": 23, "youth-protection-cases": 130,
    "exclusion-orders": 110, "stalking-cases": 24,
}  # fmt: skip


# How the published report says the same.
TOLD = {
    "MDA++-casussen": 28, "ZSM-casussen": 430, "ZSM-adviezen": 357,
    "Casussen van het Spoedteam": 200, "Chats": 429,
    "Aangemeld bij het Veiligheidshuis": 35, "Waarvan PGA": 23,
}  # fmt: skip


@pytest.mark.parametrize("database", MOSTLY_SQLITE, indirect=True)
def test_the_region_is_a_year_of_every_kind_of_table(app, frozen_clock):
    service.load(service.Size.REGION)
    assert {table.kind for table in fetch(select(CaseTable))} == set(TableKind)
    assert 1_900 <= len(fetch(select(Case.id))) <= 2_100
    assert len(fetch(select(Meeting.id))) > 500
    clashes = (
        select(SeatHold.seat_id).where(SeatHold.until_at.is_(None)).group_by(SeatHold.seat_id)
    ).having(func.count() > 1)
    assert not fetch(clashes)
    with transaction() as session:
        counted = figures.of_region(session, year_of(clock.today().year - 1))
    assert {one.code: one.number for kind in counted for one in kind.figures} == FIGURES
    year = str(clock.today().year - 1)
    answer = app.test_cli_runner().invoke(args=["report", "--period", year])
    lines = dict(re.findall(r"^ +(\S.*?) {2,}(\S+)$", answer.output, re.MULTILINE))
    assert {name: lines[name] for name in TOLD} == {name: str(one) for name, one in TOLD.items()}
    (order,) = fetch(
        select(ExclusionOrder).where(ExclusionOrder.ends_at > frozen_clock.now() + timedelta(8))
    )
    assert timedelta(1) < frozen_clock.now() - order.served_at < timedelta(2)


def test_something_waits_for_somebody_between_the_meetings(app, frozen_clock):
    service.load(service.Size.SMALL)
    now = frozen_clock.now()
    referrals = fetch(select(Referral))
    assert {one.state for one in referrals} == {
        ReferralState.SENT, ReferralState.IN_TRIAGE, ReferralState.RETURNED,
    }  # fmt: skip
    assert [one.due_at < now for one in referrals].count(True) == 1
    assert len({one.table_id for one in referrals}) == 2
    assert {one.is_met for one in fetch(select(ReferralCriterion))} == {True, False}
    waiting = fetch(select(Handover).where(Handover.accepted_at.is_(None)))
    assert sorted(one.told_at is not None for one in waiting) == [False, True]
    assert len(fetch(select(NewFact).where(NewFact.answered_at.is_(None)))) == 1
    tables = fetch(select(Case.table_id).join(HouseholdCase, HouseholdCase.case_id == Case.id))
    assert len(set(tables)) == 2
    assert {"after", "before", "deputy"} <= {one.step.value for one in fetch(select(ActionNotice))}
    assert len(fetch(select(OrganisationContact))) > 5
    for row in (*fetch(select(ReferralQuestion)), *fetch(select(TaskReason))):
        assert row.text_ct


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


def test_every_organisation_said_who_works_there_and_one_is_half_way(app, frozen_clock):
    """The worker finds nobody to ask anew, and ends nobody's access."""
    service.load(service.Size.SMALL)
    rounds.look()
    assert len(fetch(select(Recertification).where(Recertification.closed_at.is_(None)))) == 1
    assert fetch(select(Person).where(Person.state == AccountState.LEFT)) == []
    asked = [one.organisation_id for one in fetch(select(Recertification))]
    assert sorted(asked) == sorted({one.organisation_id for one in fetch(select(Person))})
