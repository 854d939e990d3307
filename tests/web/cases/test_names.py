"""Names of people concerned: screened until a recorded act shows them for five minutes."""

from datetime import date, timedelta

from sqlalchemy import delete, select

from app.access.referrals import marks
from app.domain.kinds import ConcernedRole
from app.infra import clock
from app.infra.db import transaction
from app.models import (
    AuditEvent,
    Declaration,
    IdentityMark,
    Informing,
    PersonConcerned,
    Section,
)
from tests import builders
from tests.cases import rows


def test_names_show_after_a_recorded_act_and_end_after_five_minutes(staff, world, frozen_clock):
    path = f"/cases/{world.case.id}"
    staff.page(path)
    answer = staff.send(f"/names/show?case={world.case.id}", {"next": path})
    assert answer.location == path
    assert "Kanarienaam" in staff.page(path).text
    with transaction() as session:
        kinds = session.scalars(
            select(AuditEvent.object_kind).where(AuditEvent.event == "reveal-identity")
        ).all()
    assert {"case", "section"} <= set(kinds)
    frozen_clock.advance(timedelta(minutes=5))
    assert "Kanarienaam" not in staff.page(path).text


def test_names_hide_at_once(staff, world):
    path = f"/cases/{world.case.id}"
    staff.page(path)
    staff.send(f"/names/show?case={world.case.id}", {"next": path})
    assert "Kanarienaam" in staff.page(path).text
    staff.send(f"/names/hide?case={world.case.id}", {"next": path})
    assert "Kanarienaam" not in staff.page(path).text


def test_names_of_a_foreign_case_cannot_be_asked_for(client, world):
    client.sign_in(world.stranger.id)
    client.page("/cases")
    assert client.send(f"/names/show?case={world.case.id}").status_code == 404


def test_a_person_concerned_has_an_identity_section_of_its_own(staff, world):
    answer = staff.fill(
        f"/cases/{world.case.id}/persons/new",
        {"role": "child", "label": "Kind 1", "identity": "Naam: K. Verzonnen, geb. 01-02-2016"},
    )
    assert answer.status_code == 303
    made = rows(select(PersonConcerned).where(PersonConcerned.role == ConcernedRole.CHILD))[0]
    own = rows(select(Section).where(Section.person_concerned_id == made.id))
    assert [one.section_type_id for one in own] == [world.types["identity"].id]
    page = staff.page(answer.location)
    assert "Kind 1" in page.text
    assert "Verzonnen" not in page.text
    born = date(2016, 2, 1)
    assert rows(select(IdentityMark.mark)) == [marks.mark_of("K. Verzonnen", born)]
    staff.send(f"/names/show?case={world.case.id}", {"next": f"/cases/{world.case.id}"})
    edit = f"/cases/{world.case.id}/sections/{own[0].id}"
    for text, known in (
        ("K. Anders\n01-02-2016", [marks.mark_of("K. Anders", born)]),
        ("K. Anders", []),
    ):
        assert staff.fill(edit, {"text": text}).status_code == 303
        assert rows(select(IdentityMark.mark)) == known, "a corrected name is known by itself"


def test_changing_a_person_leaves_the_identity_alone(staff, world):
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    assert "Kanarienaam" not in staff.page(path).text
    assert staff.fill(path, {"role": "network", "label": "Oma"}).status_code == 303
    assert "Oma" in staff.page(f"/cases/{world.case.id}").text


def test_a_person_about_whom_something_was_shared_stays(staff, world):
    builders.disclosure(world.police_seat, world.sections["identity"], world.coordinator)
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    staff.page(path)
    answer = staff.send(f"{path}/remove")
    assert answer.status_code == 422
    assert "al informatie gedeeld" in answer.text


def test_a_person_whose_name_was_looked_at_stays(staff, world):
    path = f"/cases/{world.case.id}/persons/{world.concerned.id}"
    staff.page(path)
    answer = staff.send(f"{path}/remove")
    assert answer.status_code == 422, "the police said whether they know this person"


def test_a_person_typed_by_mistake_goes_with_its_identity(staff, world):
    with transaction() as session:
        session.execute(delete(Declaration))
    path, concerned = f"/cases/{world.case.id}/persons/{world.concerned.id}", world.concerned.id
    mark = marks.new_mark(world.case.id, concerned, name="M. Muster", born=date(2016, 2, 1))
    told = Informing(
        case_id=world.case.id, person_concerned_id=concerned, recorded_at=clock.now(),
        recorded_by_id=world.chair.id, organisation_id=world.host.id,
    )  # fmt: skip
    builders.save(mark)
    builders.save(told)
    staff.page(path)
    assert staff.send(f"{path}/remove").status_code == 422, "somebody wrote what was told"
    with transaction() as session:
        session.execute(delete(Informing))
    assert staff.send(f"{path}/remove").status_code == 303
    assert not rows(select(IdentityMark))
    assert not rows(select(Section).where(Section.person_concerned_id == world.concerned.id))
    assert staff.get(path).status_code == 404


def test_an_identity_section_opens_only_while_names_are_shown(staff, world):
    path = f"/cases/{world.case.id}/sections/{world.sections['identity'].id}"
    assert staff.get(path).status_code == 404
    staff.page(f"/cases/{world.case.id}")
    staff.send(f"/names/show?case={world.case.id}", {"next": path})
    assert "Kanarienaam" in staff.page(path).text
    revealed = select(AuditEvent.section_id).where(AuditEvent.event == "reveal-identity")
    assert world.sections["identity"].id in rows(revealed)


def test_a_late_change_of_names_shows_them_only_after_asking_and_keeps_what_was_typed(
    staff, new_client, world, frozen_clock
):
    path = f"/cases/{world.case.id}/sections/{world.sections['identity'].id}"
    show = f"/names/show?case={world.case.id}"
    staff.page(f"/cases/{world.case.id}")
    staff.send(show)
    mine = staff.page(path).form().filled({"text": "Mijn naam"})
    other = new_client().sign_in(world.chair.id)
    other.send(show)
    assert other.fill(path, {"text": "Hun naam"}).status_code == 303
    frozen_clock.advance(timedelta(minutes=6))
    answer = staff.send(path, mine)
    assert answer.status_code == 409
    assert "gewijzigd door een ander" in answer.text
    assert "Hun naam" not in answer.text
    assert "Mijn naam" in answer.text
    assert "U ziet persoonsgegevens" not in answer.text
    revealed = select(AuditEvent.object_id).where(
        AuditEvent.event == "reveal-identity", AuditEvent.person_id == world.coordinator.id
    )
    before = len(rows(revealed))
    answer = staff.send(path, staff.last.form().filled({}) | {"names": "show"})
    assert answer.status_code == 409
    assert "Hun naam" in answer.text
    assert "Mijn naam" in answer.text
    assert world.sections["identity"].id in rows(revealed)[before:]
    assert staff.send(path, staff.last.form().filled({})).status_code == 303
