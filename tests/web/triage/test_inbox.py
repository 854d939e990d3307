"""The inbox of the tables served: what waits there, in which order, and what it costs to ask."""

from datetime import timedelta

from sqlalchemy import select, update

from app.access.referrals import overdue
from app.domain.kinds import ReferralState, TableRoleName, Urgency
from app.infra import clock, outbox
from app.infra.db import reading, transaction
from app.models import CaseClock, Person, TableRole
from tests import builders
from tests.statements import counted
from tests.triage import mark, refer

BUDGET = 8


def test_acute_comes_first_then_what_is_due_and_who_came_before_shows(
    staff, world, frozen_clock, new_client
):
    plain = refer(world.table, world.police, world.police_organisation)
    old = refer(
        world.table, world.police, world.police_organisation,
        sent_at=clock.now() - timedelta(days=14),
    )  # fmt: skip
    acute = refer(
        world.table, world.care, world.care_organisation, urgency=Urgency.ACUTE,
        sent_at=clock.now() + timedelta(minutes=1),
    )  # fmt: skip
    refer(world.table, world.police, world.police_organisation, state=ReferralState.WITHDRAWN)
    before = builders.case(world.table, world.police_organisation)
    hidden = builders.case(world.table, world.police_organisation)
    elsewhere = builders.case(world.other_table, world.police_organisation)
    builders.exclusion(world.coordinator, hidden, world.chair)
    for case in (plain.case, before, hidden, elsewhere):
        mark(case)
    page = staff.page("/triage")
    order = [page.text.index(one.case.reference) for one in (acute, old, plain)]
    assert order == sorted(order)
    assert "Eerder besproken" in page.text
    assert before.reference in page.text
    for case in (hidden, elsewhere):
        assert case.reference not in page.html
        assert case.reference not in staff.page(f"/triage/{plain.referral.id}").html
    assert "dagen te laat" in page.text
    assert "nog 5 werkdagen" in page.text
    assert "1 aanmelding is te laat" in page.text
    home = staff.page("/")
    assert "3 aanmeldingen te beoordelen" in home.text
    assert "1 te laat" in home.text
    filtered = staff.page(f"/triage?table={world.table.id}&state=withdrawn")
    assert acute.case.reference not in filtered.text
    assert "ingetrokken door aanmelder" in filtered.text
    other = new_client().sign_in(world.stranger.id).page("/triage")
    assert plain.case.reference not in other.html
    # By hand its state no longer moves: only the judgement of its referral does that.
    case = staff.page(f"/cases/{plain.case.id}")
    assert "Beoordeel de aanmelding" in case.text
    assert staff.send(f"/cases/{plain.case.id}/state", {"to": "in-triage"}).status_code == 422


def test_an_inbox_costs_the_same_however_much_waits(staff, world):
    def cost() -> int:
        with counted() as seen:
            staff.page("/triage")
        return len(seen)

    for _ in range(2):
        refer(world.table, world.police, world.police_organisation, started=False)
    staff.page("/triage")
    few = cost()
    with builders.together():
        for number in range(198):
            made = refer(world.table, world.police, world.police_organisation, started=False)
            mark(made.case, mark_of=str(number % 20))
    assert cost() == few <= BUDGET
    page = staff.page("/triage?page=4")
    assert "Pagina 4 van 4" in page.text


def test_what_is_past_its_time_is_told_every_working_day_until_it_is_done(
    world, frozen_clock, mails, staff
):
    referred = refer(world.table, world.police, world.police_organisation)
    with reading() as session:
        due_at = session.scalars(select(CaseClock.due_at)).one()

    def told() -> int:
        outbox.drain(most=100)
        return len(
            [one for one in mails(recipient=world.coordinator.email) if "termijn" in one.subject]
        )

    assert told() == 0
    frozen_clock.moment = due_at + timedelta(minutes=1)
    assert told() == told() == 1
    (mail,) = [one for one in mails(recipient=world.coordinator.email) if "termijn" in one.subject]
    assert referred.case.reference not in mail.text + mail.subject
    assert "/triage" in mail.text
    # Tuesday just after midnight it ran out; it is told again in the morning of each working day.
    frozen_clock.moment += timedelta(days=1, hours=9)
    assert told() == 2
    frozen_clock.moment += timedelta(hours=10)
    assert told() == 2
    frozen_clock.moment += timedelta(days=2)
    before = told()
    assert before == 3
    staff.sign_in(world.coordinator.id)
    staff.fill(f"/triage/{referred.referral.id}/accept", {"reason": "Toch"})
    frozen_clock.moment += timedelta(days=5)
    assert told() == before


def test_where_nobody_is_left_the_administrator_hears_that_and_no_more(world, frozen_clock, mails):
    referred = refer(world.table, world.police, world.police_organisation)
    builders.recusal(world.coordinator, referred.case)
    with transaction() as session:
        session.execute(
            update(TableRole)
            .where(TableRole.role == TableRoleName.CHAIR, TableRole.table_id == world.table.id)
            .values(until_at=clock.now())
        )
    frozen_clock.advance(timedelta(days=20))
    outbox.drain(most=100)
    with reading() as session:
        kinds = set(session.scalars(select(outbox.OutboxRow.kind)))
        office = session.get_one(Person, world.administrator.id).email
    assert overdue.ALONE in kinds
    assert overdue.TOLD not in kinds
    (mail,) = mails(recipient=office)
    assert world.table.name not in mail.text
    assert referred.case.reference not in mail.text
    assert not mails(recipient=world.coordinator.email)
