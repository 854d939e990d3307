import pytest
from sqlalchemy import select

from app.domain import presets
from app.domain.kinds import OrganisationKind, PowerfulChangeKind, RequiredRole, TableRoleName
from app.infra.db import transaction
from app.models import (
    AuditEvent,
    CaseTable,
    ConfidentialityText,
    Covenant,
    PowerfulChange,
    SectionType,
    StandardDisclosure,
    TableQuorum,
    TableRole,
)
from tests import builders

REFERER = {"Referer": "https://casustafel.test/"}


@pytest.fixture
def town(app):
    return builders.organisation("GEM", OrganisationKind.MUNICIPALITY, name="Gemeente Deltastad")


@pytest.fixture
def boss(town):
    return builders.person(town, "B. Beheer", is_administrator=True)


@pytest.fixture
def admin(client, boss):
    return client.sign_in(boss.id)


@pytest.fixture
def at(app):
    return builders.table()


@pytest.fixture
def scheme(at):
    return builders.scheme(at)


@pytest.fixture
def covenanted(admin, at, town):
    """The administrator, where covenants are added, and the one there is: all of 2026."""
    address = path(at, "/covenants/new")
    first = {"organisation": str(town.id), "from_on": "1-1-2026", "until_on": "31-12-2026"}
    admin.fill(address, first)
    return admin, address, first


def rows(model, *conditions):
    with transaction() as session:
        return session.scalars(select(model).where(*conditions)).all()


def path(at, more=""):
    return f"/admin/tables/{at.id}{more}"


def role_form(admin, at, person, role):
    return admin.fill(
        path(at, f"/roles/new?organisation={person.organisation_id}"),
        {"person": str(person.id), "role": role.value},
        action="/roles/new",
    )


def test_a_new_table_starts_with_the_sections_and_disclosures_of_its_kind(admin):
    answer = admin.fill(
        "/admin/tables/new", {"name": "MDA++ Deltaland", "prefix": "mda", "place": "Zaal 2"}
    )

    assert answer.status_code == 303, admin.last.text
    (made,) = rows(CaseTable)
    assert (made.prefix, made.minutes_per_item, made.opens_working_days) == ("MDA", 60, 5)
    assert len(rows(SectionType)) > 5
    assert len(rows(StandardDisclosure)) > 10
    ground = presets.document_of(made.kind).regime.ground.nl
    assert ground in admin.page(f"/admin/tables/{made.id}").text
    for more in (
        "",
        "/edit",
        "/covenants",
        "/sections",
        "/standards",
        "/roles/new",
        "/covenants/new",
        "/sections/new",
        "/standards/new",
    ):
        assert "U ziet hier geen inhoud van casussen." in admin.page(path(made, more)).text
    assert "MDA++ Deltaland" in admin.page("/admin/tables?q=deltaland").text
    assert "MDA++ Deltaland" not in admin.page("/admin/tables?q=niets").text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": ""}, "Vul dit veld in"),
        ({"name": "mda++ DELTALAND"}, "bestaat al"),
        ({"prefix": "1A"}, "twee tot zes"),
        ({"minutes_per_item": "0"}, "van 1 tot en met 240"),
        ({"minutes_per_item": "x"}, ""),
        ({"opens_working_days": "-1"}, "van 0 tot en met 30"),
        ({"closes_working_days": "1000000000000000000000"}, "van 0 tot en met 30"),
        ({"confidentiality_nl": "x" * 5001}, "hoogstens 5000"),
    ],
)
def test_a_table_with_a_fault_is_not_saved(admin, at, typed, why):
    answer = admin.fill("/admin/tables/new", {"name": "Nieuw", "prefix": "NW", **typed})

    assert answer.status_code == 422
    assert why in admin.last.text
    assert len(rows(CaseTable)) == 1


def test_two_administrators_changing_one_table_see_both_versions(admin, new_client, boss, at):
    other = new_client().sign_in(boss.id)
    form = other.page(path(at, "/edit")).form().filled({"place": "Zaal 9"})
    admin.fill(path(at, "/edit"), {"place": "Zaal 3", "opens_working_days": "7"})

    late = other.post(path(at, "/edit"), data=form, headers={"Referer": "https://casustafel.test/"})

    assert late.status_code == 409
    assert "Zaal 3" in other.last.text
    assert ("place", "Zaal 9") in other.last.form().fields
    assert rows(CaseTable)[0].opens_working_days == 7


def test_a_representative_gets_the_role_at_once(admin, at, new_client):
    police = builders.organisation("POL")
    anna = builders.person(police)

    assert role_form(admin, at, anna, TableRoleName.REPRESENTATIVE).status_code == 303

    (role,) = rows(TableRole)
    assert (role.person_id, role.role) == (anna.id, TableRoleName.REPRESENTATIVE)
    again = role_form(admin, at, anna, TableRoleName.REPRESENTATIVE)
    assert again.status_code == 422
    assert "heeft deze rol hier al" in admin.last.text
    admin.fill(path(at), action=f"/roles/{role.id}/end")
    assert rows(TableRole)[0].until_at is not None
    assert admin.send(path(at, f"/roles/{role.id}/end")).status_code == 404


def test_only_the_very_first_chair_needs_no_second_person(admin, at, town, new_client):
    first, second, third = (builders.person(town) for _ in range(3))
    role_form(admin, at, first, TableRoleName.CHAIR)
    assert [role.person_id for role in rows(TableRole)] == [first.id]

    role_form(admin, at, second, TableRoleName.CHAIR)
    role_form(admin, at, third, TableRoleName.COORDINATOR)

    assert len(rows(TableRole)) == 1
    assert {change.kind for change in rows(PowerfulChange)} == {
        PowerfulChangeKind.APPOINT_CHAIR,
        PowerfulChangeKind.APPOINT_COORDINATOR,
    }
    assert "Wacht sinds" in admin.page(path(at)).text
    chair = new_client().sign_in(first.id)
    chair.fill("/changes")
    chair.fill("/changes")
    assert {(role.person_id, role.role) for role in rows(TableRole)} == {
        (first.id, TableRoleName.CHAIR),
        (second.id, TableRoleName.CHAIR),
        (third.id, TableRoleName.COORDINATOR),
    }


def test_with_a_privacy_officer_even_the_first_chair_needs_a_second_person(admin, at, town):
    builders.person(town, is_privacy_officer=True)
    role_form(admin, at, builders.person(town), TableRoleName.CHAIR)

    assert rows(TableRole) == []
    assert len(rows(PowerfulChange)) == 1


def test_another_host_waits_for_a_chair_of_the_table_and_takes_effect_then(
    admin, at, town, new_client
):
    chair = builders.chair(town, at)
    elsewhere = builders.chair(town, builders.table("ZSM", "ZSM"))
    answer = admin.fill(path(at, "/edit"), {"host": str(town.id), "place": "Zaal 3"})
    assert answer.status_code == 303
    assert "De nieuwe gastheer wacht op een tweede persoon." in admin.page(path(at)).text
    assert admin.fill(path(at, "/edit"), {"host": str(town.id)}).status_code == 422
    (table,) = rows(CaseTable, CaseTable.id == at.id)
    assert (table.host_organisation_id, table.place) == (None, "Zaal 3")

    (change,) = rows(PowerfulChange)
    decision = (f"/changes/{change.id}", {"decision": "approve"})
    assert "Andere gastheer: " in new_client().sign_in(chair.id).page("/").text
    for who, status in ((elsewhere, 404), (chair, 303)):
        visitor = new_client().sign_in(who.id)
        shown = visitor.page("/changes").text
        assert ("Andere gastheer : Gemeente Deltastad" in shown) == (who is chair)
        assert ("De FG van Gemeente Deltastad leest dan het logboek" in shown) == (who is chair)
        assert visitor.send(*decision).status_code == status
    assert rows(CaseTable, CaseTable.id == at.id)[0].host_organisation_id == town.id
    assert "Gastheer Gemeente Deltastad" in admin.page(path(at)).text
    events = rows(AuditEvent, AuditEvent.object_kind == "change-host")
    assert sorted(event.outcome for event in events) == ["approved", "requested"]


def test_an_administrator_holds_no_role(admin, at, boss):
    from app.access import load_actor
    from app.domain.errors import Reason, Refusal
    from app.features.tables.roles import NewRole, give_role
    from app.infra import clock

    assert (
        "B. Beheer"
        not in admin.page(path(at, f"/roles/new?organisation={boss.organisation_id}"))
        .form("/roles/new")
        .names
    )
    with transaction() as session:
        actor = load_actor(session, boss.id, now=clock.now())
    with pytest.raises(Refusal) as refused:
        give_role(actor, at.id, NewRole(person_id=boss.id, role=TableRoleName.REPRESENTATIVE))
    assert refused.value.reason is Reason.NOT_ADMINISTRATOR_AND_STAFF


def test_a_covenant_holds_until_the_end_of_its_last_day(admin, at, town):
    added = {"organisation": str(town.id), "from_on": "1-1-2026", "until_on": "31-12-2026"}
    assert admin.fill(path(at, "/covenants/new"), added).status_code == 303

    (covenant,) = rows(Covenant)
    assert covenant.from_at.isoformat() == "2025-12-31T23:00:00+00:00"
    assert covenant.until_at.isoformat() == "2026-12-31T23:00:00+00:00"
    page = admin.page(path(at, "/covenants"))
    assert "01-01-2026" in page.text
    assert "31-12-2026" in page.text


@pytest.mark.parametrize(
    ("from_on", "until_on", "why"),
    [
        ("1-6-2026", "", "loopt in deze periode al"),
        ("1-1-2025", "1-1-2026", "loopt in deze periode al"),
        ("1-3-2026", "1-4-2026", "loopt in deze periode al"),
        ("1-3-2028", "1-2-2028", "einde ligt voor het begin"),
        ("31-2-2028", "", "datum bestaat niet"),
        ("", "", "Vul dit veld in"),
        ("1-1-28", "", "jaartal voluit"),
    ],
)
def test_covenants_do_not_overlap_and_have_real_dates(covenanted, from_on, until_on, why):
    admin, address, first = covenanted

    answer = admin.fill(address, {**first, "from_on": from_on, "until_on": until_on})

    assert answer.status_code == 422
    assert why in admin.last.text
    assert len(rows(Covenant)) == 1


def test_covenants_may_follow_each_other_and_be_ended(admin, at, town):
    first = {"organisation": str(town.id), "from_on": "1-1-2026", "until_on": "31-12-2026"}
    admin.fill(path(at, "/covenants/new"), first)
    assert (
        admin.fill(
            path(at, "/covenants/new"), {**first, "from_on": "1-1-2027", "until_on": ""}
        ).status_code
        == 303
    )
    (early, late) = sorted(rows(Covenant), key=lambda covenant: covenant.from_at)

    answer = admin.fill(path(at, f"/covenants/{early.id}"), {"until_on": "1-1-2027"})
    assert answer.status_code == 422
    address = path(at, f"/covenants/{late.id}")
    assert admin.fill(address, {"until_on": "30-6-2027"}).status_code == 422
    again = admin.last.form().filled({})
    assert admin.post(address, data=again, headers=REFERER).status_code == 303
    assert admin.get(path(builders.table("ZSM", "ZSM"), f"/covenants/{late.id}")).status_code == 404


def test_what_ends_with_a_covenant_shows_before_it_ends_sooner(client):
    """Numbers at this table alone; another day than the one looked at is asked about again."""
    world = builders.small_world(open_papers=True)
    of, at = world.police_organisation, world.table
    builders.action(world.item, of, world.police, world.chair)
    builders.input_request(world.police_seat, world.coordinator)
    elsewhere = builders.meeting(world.other_table)
    builders.seat(builders.item(elsewhere), of, world.police)
    (signed,) = rows(Covenant, Covenant.organisation_id == of.id, Covenant.table_id == at.id)
    admin, address = client.sign_in(world.administrator.id), path(at, f"/covenants/{signed.id}")
    assert "Wat dan ophoudt" not in admin.page(address).text
    assert admin.fill(address, {"until_on": "1-6-2026"}).status_code == 422
    shown = admin.last.text
    assert (
        "Mensen met een rol 1 Rollen 1 Deelnames die komen 1 Acties 1 Vragen om inbreng 1" in shown
    )
    for secret in (world.case.reference, "Kanarie", world.police.name):
        assert secret not in shown
    seen = admin.last.form()
    other = admin.post(address, data=seen.filled({"until_on": "2-6-2026"}), headers=REFERER)
    assert other.status_code == 422
    assert rows(Covenant, Covenant.id == signed.id)[0].until_at is None
    again = admin.last.form().filled({})
    assert admin.post(address, data=again, headers=REFERER).status_code == 303
    assert "Wat dan ophoudt" in admin.page(address).text, "as long as an end stands"
    assert admin.fill(address, {"until_on": "3-6-2026"}).status_code == 303, "later takes nothing"


def test_sections_are_added_renamed_and_reordered(admin, at, scheme):
    before = [row.label_nl for row in sorted(rows(SectionType), key=lambda row: row.position)]
    admin.fill(path(at, "/sections/new"), {"label_nl": "Huisvesting", "label_en": "Housing"})
    made = next(row for row in rows(SectionType) if row.label_nl == "Huisvesting")
    admin.page(path(at, "/sections"))
    admin.send(path(at, f"/sections/{made.id}/move"), {"direction": "up"})
    admin.fill(path(at, f"/sections/{made.id}"), {"label_nl": "Wonen"})

    after = [row.label_nl for row in sorted(rows(SectionType), key=lambda row: row.position)]
    assert after == [*before[:-1], "Wonen", before[-1]]
    assert (
        admin.fill(path(at, "/sections/new"), {"label_nl": "wonen", "label_en": "x"}).status_code
        == 422
    )
    admin.page(path(at, "/sections"))
    assert (
        admin.send(path(at, f"/sections/{made.id}/move"), {"direction": "sideways"}).status_code
        == 404
    )


def test_personal_details_belong_to_their_own_retention_class(admin, at, scheme):
    typed = {"label_nl": "Namen", "label_en": "Names", "is_identity": "y"}
    assert admin.fill(path(at, "/sections/new"), typed).status_code == 422
    assert (
        admin.fill(path(at, "/sections/new"), {**typed, "retention": "identity"}).status_code == 303
    )


def test_what_a_section_protects_is_fixed_once_a_case_uses_it(client, app):
    world = builders.small_world()
    admin = client.sign_in(world.administrator.id)
    used = next(section for key, section in world.sections.items() if key != "identity")
    address = f"/admin/tables/{world.table.id}/sections/{used.section_type_id}"

    assert admin.fill(address, {"label_nl": "Nieuwe naam"}).status_code == 303
    assert admin.fill(address, {"retention": "decisions"}).status_code == 422
    assert "is al gebruikt" in admin.last.text


def test_standard_disclosures_are_added_changed_and_removed(admin, at, scheme):
    section = next(iter(scheme.values()))
    typed = {
        "organisation_kind": "police",
        "section": str(section.id),
        "ground": "Politiewet",
        "purpose": "Veiligheid",
        "necessity": "Zonder dit geen afspraak.",
    }
    assert admin.fill(path(at, "/standards/new"), typed).status_code == 303
    assert admin.fill(path(at, "/standards/new"), typed).status_code == 422
    assert "bestaat al" in admin.last.text
    (made,) = rows(StandardDisclosure)
    assert (
        admin.fill(path(at, f"/standards/{made.id}"), {"purpose": "Ander doel"}).status_code == 303
    )
    assert rows(StandardDisclosure)[0].purpose == "Ander doel"
    admin.fill(path(at, "/standards"), action=f"/standards/{made.id}/remove")
    assert rows(StandardDisclosure) == []


@pytest.mark.parametrize("field", ["ground", "purpose", "necessity", "section"])
def test_a_disclosure_needs_ground_purpose_and_necessity(admin, at, scheme, field):
    typed = {
        "section": str(next(iter(scheme.values())).id),
        "ground": "a",
        "purpose": "b",
        "necessity": "c",
        field: "",
    }
    assert admin.fill(path(at, "/standards/new"), typed).status_code == 422


def test_a_section_of_another_table_is_not_offered(admin, at, scheme):
    other = builders.section_type(builders.table("ZSM", "ZSM"), "x", "Elders", 1)
    admin.page(path(at, "/standards/new"))
    typed = {
        "organisation_kind": "police",
        "section": str(other.id),
        "ground": "a",
        "purpose": "b",
        "necessity": "c",
    }
    assert admin.send(path(at, "/standards/new"), typed).status_code == 422
    assert admin.get(path(at, f"/sections/{other.id}")).status_code == 404


def test_tables_are_set_up_by_administrators_only(new_client, at, town):
    for who in (builders.person(town), builders.chair(town, at), builders.coordinator(town, at)):
        visitor = new_client().sign_in(who.id)
        for more in ("", "/edit", "/covenants", "/sections", "/standards", "/roles/new"):
            assert visitor.get(path(at, more)).status_code == 404
        assert visitor.get("/admin/tables").status_code == 404


def test_unknown_ids_are_not_found(admin, at):
    nobody = "00000000-0000-0000-0000-000000000000"
    for more in (f"/covenants/{nobody}", f"/sections/{nobody}", f"/standards/{nobody}"):
        assert admin.get(path(at, more)).status_code == 404
    assert admin.get(f"/admin/tables/{nobody}").status_code == 404
    assert admin.get(path(at, "/roles/new?organisation=onzin")).status_code == 200


def test_every_change_is_recorded_with_its_table(admin, boss, at, town):
    admin.fill(path(at, "/covenants/new"), {"organisation": str(town.id), "from_on": "1-1-2026"})
    (event,) = rows(AuditEvent)
    assert (event.person_id, event.table_id, event.object_kind) == (boss.id, at.id, "covenant")


def test_words_in_the_calendar_host_and_the_two_settings_are_kept(admin, at, boss):
    fields = {
        "host": str(boss.organisation_id),
        "calendar_words": " Werk  overleg ",
        "children_first": "y",
        "has_standing_reservation": "y",
    }
    assert admin.fill(path(at, "/edit"), fields).status_code == 303, admin.last.text
    (table,) = rows(CaseTable)
    assert (table.calendar_words, table.children_first, table.has_standing_reservation) == (
        "Werk overleg",
        True,
        True,
    )
    assert table.host_organisation_id == boss.organisation_id
    assert "Werk overleg" in admin.page(path(at)).text
    assert admin.fill(path(at, "/edit"), {"children_first": None}).status_code == 303
    assert not rows(CaseTable)[0].children_first


@pytest.mark.parametrize("words", ["MDA-overleg", "Huiselijk geweld", "ZSM"])
def test_words_that_tell_what_the_meeting_is_about_are_refused(admin, at, words):
    answer = admin.fill(path(at, "/edit"), {"calendar_words": words})
    assert answer.status_code == 422
    assert "Deze woorden vertellen waar het overleg over gaat." in admin.last.text
    assert rows(CaseTable)[0].calendar_words == ""


def test_what_a_table_agrees_for_its_meetings_is_set_and_read_back(admin):
    admin.fill("/admin/tables/new", {"name": "MDA++ Deltaland", "prefix": "mda"})
    (made,) = rows(CaseTable)
    required = {row.role for row in rows(TableQuorum)}
    assert required == set(presets.document_of(made.kind).required_roles)

    typed = {
        "sections_open_with_item": "y",
        "required_roles": ["police", "municipality"],
        "correction_working_days": "21",
    }
    assert admin.fill(path(made, "/edit"), typed).status_code == 422
    assert "van 0 tot en met 20" in admin.last.text
    typed["correction_working_days"] = "20"
    assert admin.fill(path(made, "/edit"), typed).status_code == 303

    (made,) = rows(CaseTable)
    assert (made.sections_open_with_item, made.correction_working_days) == (True, 20)
    assert {row.role for row in rows(TableQuorum, TableQuorum.until_at.is_(None))} == {
        RequiredRole.POLICE,
        RequiredRole.MUNICIPALITY,
    }
    text = admin.page(path(made)).text
    assert "per casus, voor wie er is" in text
    assert "politie, gemeente" in text
    assert "20 werkdagen" in text


def test_another_statement_is_a_new_version_and_the_old_one_stays(admin):
    admin.fill("/admin/tables/new", {"name": "MDA++ Deltaland", "prefix": "mda"})
    (made,) = rows(CaseTable)
    admin.fill(path(made, "/edit"), {"place": "Zaal 9"})
    assert [row.version for row in rows(ConfidentialityText)] == [1]

    admin.fill(path(made, "/edit"), {"confidentiality_nl": "Wij zwijgen voortaan."})

    texts = {row.version: row.text_nl for row in rows(ConfidentialityText)}
    assert texts == {1: presets.CONFIDENTIALITY_NL, 2: "Wij zwijgen voortaan."}
    assert rows(CaseTable)[0].confidentiality_version == 2
    text = admin.page(path(made)).text
    assert text.index("Versie 2, vanaf") < text.index("Versie 1, vanaf")
    assert "Ken ik een betrokkene privé" in text
