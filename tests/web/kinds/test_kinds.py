"""Kinds of table as an administrator sees and changes them: by parts, by day, never backwards."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.administration import kinds_in_force
from app.domain import presets
from app.domain.kind_changes import KindPart
from app.domain.kinds import OrganisationKind, TableKind
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import AuditEvent, CaseTable, KindVersion, Person
from tests import builders

MDA = "/admin/kinds/mda"


@pytest.fixture
def admin(client):
    office = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
    return client.sign_in(builders.person(office, "B. Beheer", is_administrator=True).id)


def rows(model):
    with transaction() as session:
        return session.scalars(select(model)).all()


def in_force(code, at=None):
    with transaction() as session:
        return kinds_in_force.of_code(session, code, at or clock.now())


def test_every_kind_is_read_in_plain_words(admin):
    for code, document in presets.SHIPPED.items():
        page = admin.page(f"/admin/kinds/{code}")
        for one in (*document.criteria, *document.clocks, *document.outcomes, *document.figures):
            assert one.text.nl in page.text
        for section in document.sections:
            assert section.label_nl in page.text
        assert document.regime.ground.nl in page.text


def test_each_part_is_shown_as_it_stands_and_an_unchanged_one_makes_no_version(admin):
    for part in KindPart:
        answer = admin.fill(f"/admin/kinds/exclusion-order/change/{part}", {})
        assert answer.status_code == 422
        assert "Er is niets gewijzigd." in admin.last.text, part
    assert rows(KindVersion) == []
    assert admin.get("/admin/kinds/mda/change/nothing").status_code == 404
    assert admin.get("/admin/kinds/nothing").status_code == 404
    assert admin.get("/admin/kinds/nothing/change/general").status_code == 404
    assert admin.get("/admin/kinds/mda?version=7").status_code == 404


def test_a_change_holds_from_its_day_on_and_its_version_stays_as_it_is(admin):
    """Criteria from next week: until then the old ones hold, and what was asked keeps its own."""
    before = in_force("mda")
    day = clock.now() + timedelta(days=7)
    answer = admin.fill(
        f"{MDA}/change/criteria",
        {
            "from_on": f"{day:%d-%m-%Y}",
            "criteria-0-nl": "",
            "criteria-0-en": "",
            "criteria-1-is_required": None,
            "criteria-4-nl": "Er is een casusregisseur.",
            "criteria-4-en": "There is a case lead.",
            "criteria-4-is_required": "y",
        },
    )
    assert answer.status_code == 303, admin.last.text
    assert in_force("mda") == before
    then = in_force("mda", day)
    assert then.number == 1
    assert [one.is_required for one in then.document.criteria] == [False, True, False, True]
    new = then.document.criteria[-1]
    assert new.text.nl == "Er is een casusregisseur."
    assert new.code.startswith("own-")

    page = admin.page(MDA)
    assert "gepland" in page.text
    assert "B. Beheer" in page.text
    assert "Toegevoegd: Er is een casusregisseur." in page.text
    assert "Vervallen: Het gezin of huishouden is structureel onveilig." in page.text
    assert "U leest versie 1. Nu geldt versie 0." in admin.page(f"{MDA}?version=1").text
    assert f"wijzigt op {day:%d-%m-%Y}" in admin.page("/admin/kinds").text

    late = {"from_on": f"{clock.now():%d-%m-%Y}", "minutes_per_item": "90"}
    assert admin.fill(f"{MDA}/change/general", late).status_code == 422
    assert "is al een wijziging van deze soort gepland" in admin.last.text
    late["from_on"] = "01-01-2020"
    assert admin.fill(f"{MDA}/change/general", late).status_code == 422
    assert admin.fill(f"{MDA}/change/general", {"minutes_per_item": "90"}).status_code == 303
    assert [in_force("mda", at).document.minutes_per_item for at in (clock.now(), day)] == [60, 90]
    assert "Gewijzigd: Minuten per casus: 90 (was: 60)" in admin.page(MDA).text
    assert len(in_force("mda", day).document.criteria) == 4
    made = [one for one in rows(AuditEvent) if one.object_kind == "table-kind"]
    assert len(made) == 2


FAULTS = (
    ("criteria", {"criteria-4-nl": "Alleen Nederlands"}, "Vul dit veld in"),
    ("sections", {"sections-0-nl": "", "sections-0-en": ""}, "kan niet weg"),
    ("sections", {"sections-1-is_identity": "y"}, "bewaarklasse identiteit"),
    ("partners", {"partners-1-part": "none"}, "bij geen van de ketenpartners"),
    ("clocks", {"clocks-0-amount": "0"}, "een duur van ten minste 1"),
    ("clocks", {"clocks-0-weekday": "0"}, "Vul dit veld in"),
    ("clocks", {"clocks-0-ends_order": "y"}, "waarmee een huisverbod eindigt"),
    ("regime", {"keep_decisions": "1"}, "samenvatting"),
    ("general", {"name_en": ""}, "Vul dit veld in"),
    ("disclosures", {"ground": ""}, "Vul dit veld in"),
    ("disclosures", {"disclosures-0-necessity": ""}, "Vul dit veld in"),
    ("general", {"from_on": "morgen"}, "dd-mm-jjjj"),
)


def test_a_planned_version_is_withdrawn_as_long_as_its_day_has_not_come(admin, frozen_clock):
    before = in_force("mda")
    words = before.document.confidentiality
    builders.table("MDA++", "MDA", confidentiality_nl=words.nl, confidentiality_en=words.en)
    day = clock.today() + timedelta(days=30)
    change = {"from_on": f"{day:%d-%m-%Y}", "confidentiality_nl": "Anders.",
              "confidentiality_en": "Other."}  # fmt: skip
    assert admin.fill(f"{MDA}/change/regime", change).status_code == 303, admin.last.text
    assert admin.fill(MDA, action="/withdraw").status_code == 303
    page = admin.page(MDA)
    assert "trekt versie 1 in" in page.text
    assert "Versie 1" in page.text
    assert not [one for one in page.forms if "/withdraw" in one.action]
    assert "wijzigt op" not in admin.page("/admin/kinds").text
    assert admin.send(f"{MDA}/withdraw?version=1").status_code == 409
    admin.send(f"{MDA}/withdraw?version=2")
    assert len(rows(KindVersion)) == 2
    frozen_clock.moment += timedelta(days=31)
    while outbox.drain():
        pass
    assert in_force("mda").document == before.document
    assert [one.confidentiality_version for one in rows(CaseTable)] == [1], "accepted anew"
    assert all(one.applied_at for one in rows(KindVersion))
    (who,) = rows(Person)
    admin.sign_in(who.id).fill(f"{MDA}/change/general", {"minutes_per_item": "90"})
    admin.send(f"{MDA}/withdraw?version=3")
    assert len(rows(KindVersion)) == 3, "what holds is not withdrawn"


def test_a_part_with_a_fault_is_not_saved(admin):
    for part, typed, why in FAULTS:
        assert admin.fill(f"{MDA}/change/{part}", typed).status_code == 422, typed
        assert why in admin.last.text
    assert rows(KindVersion) == []


def test_two_administrators_changing_one_kind_see_who_was_first(admin, new_client):
    office = builders.organisation("GEM2", OrganisationKind.MUNICIPALITY)
    other = new_client().sign_in(builders.person(office, "C. Ander", is_administrator=True).id)
    form = other.page(f"{MDA}/change/general").form().filled({"minutes_per_item": "45"})
    assert admin.fill(f"{MDA}/change/general", {"minutes_per_item": "90"}).status_code == 303

    late = other.post(
        f"{MDA}/change/general", data=form, headers={"Referer": "https://casustafel.test/"}
    )

    assert late.status_code == 409
    assert "Iemand anders was u voor" in other.last.text
    assert ("minutes_per_item", "45") in other.last.form().fields
    assert [one.number for one in rows(KindVersion)] == [1]


def test_a_part_of_each_sort_is_read_back_as_it_was_typed(admin):
    changes = {
        "partners": {"partners-0-part": "asked", "required_roles": ["police"]},
        "disclosures?partner=police": {"ground": "Wet X", "disclosures-3-is_given": "y",
                                       "disclosures-3-necessity": "Nodig voor de inzet."},
        "regime": {"contact": "contact@regio.example", "keep_decisions": "48", "allowed": ["police"]},
        "clocks": {"clocks-0-amount": "3", "clocks-2-nl": "Lijst dicht", "clocks-2-en": "List closes",
                   "clocks-2-weekday": "0", "clocks-2-at": "12.00"},
        "figures": {"figures-1-nl": "Plannen", "figures-1-en": "Plans", "figures-1-source": "outcomes"},
        "sections": {"sections-13-nl": "Wonen", "sections-13-en": "Housing"},
    }  # fmt: skip
    for part, typed in changes.items():
        assert admin.fill(f"{MDA}/change/{part}", typed).status_code == 303, admin.last.text
    plans = in_force("mda").document.figures[1].code
    counted = {"outcomes-0-counts_as": plans, "decision_kinds": ["advice"]}
    assert admin.fill(f"{MDA}/change/outcomes", counted).status_code == 303, admin.last.text

    document = in_force("mda").document
    assert not document.partners[-1].is_standing
    assert [one.value for one in document.required_roles] == ["police"]
    police = [one for one in document.disclosures if one.organisation_kind == "police"]
    assert {one.ground for one in police} == {"Wet X"}
    assert document.sections[3].code in {one.section_code for one in police}
    assert document.regime.contact == "contact@regio.example"
    assert document.regime.allowed == (OrganisationKind.POLICE,)
    assert [one.amount for one in document.clocks] == [3, 2, 0]
    assert document.clocks[2].weekly is not None
    assert document.outcomes[0].counts_as == plans
    assert [one.value for one in document.decision_kinds] == ["agreement", "advice"]
    assert document.sections[-1].label_en == "Housing"
    text = admin.page(MDA).text
    assert "eerstvolgende maandag 12.00, na de aanmelding" in text
    assert "Gewijzigd: Grondslag, doel, contactpunt en bewaartermijnen" in text
    assert admin.page(f"{MDA}?version=0").text.count("U leest versie 0") == 1


def test_kinds_are_for_administrators_only(client):
    person = builders.person(builders.organisation("POL", OrganisationKind.POLICE))
    visitor = client.sign_in(person.id)
    for path in ("/admin/kinds", MDA, "/admin/kinds/new", f"{MDA}/change/general"):
        assert visitor.get(path).status_code == 404


def test_a_covenant_is_for_whom_the_regime_allows(admin):
    """Veilig Thuis alone at a table of the Spoedteam, with municipality and local team."""
    table = builders.table("Spoedteam", "SPO", kind=TableKind.SCREENING)
    police = builders.organisation("POL", OrganisationKind.POLICE)
    safety = builders.organisation("VT", OrganisationKind.VEILIG_THUIS)
    path = f"/admin/tables/{table.id}/covenants/new"
    typed = {"organisation": str(police.id), "from_on": "1-1-2026"}
    assert admin.fill(path, typed).status_code == 422
    assert "laat deze soort organisatie niet toe" in admin.last.text
    assert admin.fill(path, typed | {"organisation": str(safety.id)}).status_code == 303


def test_the_kind_of_a_table_is_fixed_once_it_has_a_case(admin):
    table = builders.table()
    path = f"/admin/tables/{table.id}/edit"
    assert (
        admin.fill(path, {"kind": "safety-house", "confidentiality_nl": "Stil."}).status_code == 303
    )
    (held,) = rows(CaseTable)
    assert held.kind is TableKind.SAFETY_HOUSE
    assert "Leefgebied: wonen" in admin.page(f"/admin/tables/{table.id}/sections").text
    builders.case(table, builders.organisation("POL", OrganisationKind.POLICE))
    assert admin.fill(path, {"kind": "stalking"}).status_code == 422
    assert "heeft al casussen" in admin.last.text
    assert admin.fill(path, {"place": "Zaal 2"}).status_code == 303
