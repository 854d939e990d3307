"""The full text of an action for a holder without a seat: disclosed, accepted, and ended again."""

import pytest
from sqlalchemy import select, update

from app.domain.kinds import AccountState
from app.infra import clock
from app.infra.db import reading, transaction
from app.models import Acceptance, ActionDisclosure, AuditEvent, Covenant, Person
from tests import builders
from tests.actions import FULL, SAFE, stored

WHY = {
    "ground": "Artikel 6 lid 1 onder e AVG",
    "purpose": "De aangiften nagaan",
    "necessity": "Zonder namen kan dat niet",
}


@pytest.fixture
def colleague(world):
    """Somebody of the police without a seat, whom the action goes to."""
    builders.role(world.police_colleague, world.table, "representative")
    return world.police_colleague


@pytest.fixture
def action(world, colleague):
    return builders.action(
        world.item, world.police_organisation, colleague, world.chair, safe=SAFE, full=FULL
    )


@pytest.fixture
def holder(colleague, action, new_client):
    return new_client().sign_in(colleague.id)


def path(action) -> str:
    return f"/my-actions/{action.id}"


def told(staff, holder, action) -> None:
    """Disclosed by staff and accepted by the holder."""
    assert staff.fill(f"/actions/{action.id}/disclosure", WHY).status_code == 303
    assert holder.fill(path(action), action="/accept").status_code == 303


def test_the_text_opens_after_a_recorded_act_and_acceptance(
    world, staff, holder, action, colleague
):
    assert FULL not in holder.page(path(action)).text
    assert "leest alleen de neutrale tekst" in staff.page(f"/actions/{action.id}").text
    assert staff.fill(f"/actions/{action.id}/disclosure").status_code == 422
    assert staff.fill(f"/actions/{action.id}/disclosure", WHY).status_code == 303
    text = staff.page(f"/actions/{action.id}").text
    assert all(reason in text for reason in WHY.values())
    assert "nog geen akkoord geheimhouding" in text
    page = holder.page(path(action))
    assert FULL not in page.text
    assert world.table.confidentiality_nl in page.text
    assert holder.fill(path(action), action="/accept").status_code == 303
    assert FULL in holder.page(path(action)).text
    assert FULL not in holder.page("/my-actions").text
    with reading() as session:
        acts = session.scalars(
            select(AuditEvent.event).where(
                AuditEvent.object_id == action.id,
                AuditEvent.event == "authorisation-change",
                AuditEvent.person_id == world.coordinator.id,
            )
        ).all()
        accepted = session.scalars(select(Acceptance).where(Acceptance.person_id == colleague.id))
        assert accepted.one().statement == world.table.confidentiality_nl
        ground = session.scalars(
            select(AuditEvent.ground)
            .where(AuditEvent.person_id == colleague.id, AuditEvent.event == "read")
            .order_by(AuditEvent.id.desc())
        ).first()
    assert ground == "task"
    assert len(acts) == 1
    assert holder.send(f"{path(action)}/accept").status_code == 404


def test_acceptance_is_not_asked_of_who_has_nothing_to_open(holder, action):
    assert "Geheimhouding" not in holder.page(path(action)).text
    assert holder.send(f"{path(action)}/accept").status_code == 404


def test_only_a_named_holder_without_a_seat_needs_it(world, staff, colleague):
    seated = builders.action(
        world.item, world.police_organisation, world.police, world.chair, full=FULL
    )
    nobody = builders.action(world.item, world.police_organisation, None, world.chair, full=FULL)
    empty = builders.action(world.item, world.police_organisation, colleague, world.chair)
    for one in (seated, nobody, empty):
        assert staff.fill(f"/actions/{one.id}/disclosure", WHY).status_code == 422
    with reading() as session:
        assert session.scalars(select(ActionDisclosure)).all() == []


ENDS = {
    "account blocked": lambda _w, one: update(Person).where(Person.id == one.id).values(state=AccountState.BLOCKED),
    "moved away": lambda w, one: update(Person).where(Person.id == one.id).values(organisation_id=w.care_organisation.id),
    "covenant ended": lambda w, _one: update(Covenant).where(Covenant.organisation_id == w.police_organisation.id).values(until_at=clock.now()),
    "acceptance gone": lambda _w, one: Acceptance.__table__.delete().where(Acceptance.person_id == one.id),
}  # fmt: skip


@pytest.mark.parametrize("how", ENDS)
def test_it_ends_with_what_it_rests_on(world, staff, holder, action, how):
    told(staff, holder, action)
    assert FULL in holder.page(path(action)).text
    with transaction() as session:
        session.execute(ENDS[how](world, world.police_colleague))
    assert FULL not in holder.get(path(action), follow_redirects=True).text


@pytest.mark.parametrize("kept_out", ["exclusion", "recusal"])
def test_the_excluded_and_recused_lose_it(world, staff, holder, action, kept_out):
    told(staff, holder, action)
    if kept_out == "exclusion":
        builders.exclusion(world.police_colleague, world.case, world.chair)
    else:
        builders.recusal(world.police_colleague, world.case)
    assert holder.get(path(action)).status_code == 404


def test_staff_withdraw_it_and_another_holder_gets_none_of_it(
    world, staff, holder, action, colleague
):
    told(staff, holder, action)
    staff.fill(f"/actions/{action.id}", action="/withdraw")
    assert FULL not in holder.page(path(action)).text
    assert staff.send(f"/actions/{action.id}/disclosure/withdraw").status_code == 404
    assert staff.fill(f"/actions/{action.id}/disclosure", WHY).status_code == 303
    assert FULL in holder.page(path(action)).text
    for who in (
        (world.care_organisation.id, world.care.id),
        (colleague.organisation_id, colleague.id),
    ):
        staff.fill(f"/actions/{action.id}/change", {"holder": f"{who[0]}/{who[1]}"})
    assert stored(action).person_id == colleague.id
    assert FULL not in holder.page(path(action)).text, "it came back to somebody else's action"


def test_staff_of_another_table_cannot(world, action, new_client, holder):
    for who in (world.stranger, world.administrator):
        other = new_client().sign_in(who.id)
        assert other.get(f"/actions/{action.id}/disclosure").status_code == 404
        assert other.send(f"/actions/{action.id}/disclosure", WHY).status_code == 404
    assert holder.send(f"/actions/{action.id}/disclosure", WHY).status_code == 404
