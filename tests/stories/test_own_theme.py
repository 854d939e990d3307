"""A theme of the region's own: an administrator adds the kind and a table, and cases come to it."""

from datetime import timedelta

from sqlalchemy import select

from app.access.administration import kinds_in_force
from app.domain.kinds import OrganisationKind, RequiredRole, TableKind
from app.infra import clock
from app.infra.db import reading
from app.models import CaseTable, ItemOutcome, Referral, ReferralCriterion, SectionType, TableQuorum
from tests import builders, plan_tables, referring

KIND = "/admin/kinds/honour-related-violence"
CHANGES = {
    "general": {
        "advice_nl": "Voor geweld of dreiging waarbij eer een rol speelt.",
        "advice_en": "For violence or threats in which honour plays a part.",
        "minutes_per_item": "45",
    },
    "partners": {"partners-1-part": "standing", "required_roles": ["police", "veilig-thuis"]},
    "sections": {"sections-11-nl": "Eer en familie", "sections-11-en": "Honour and family"},
    "criteria": {
        "criteria-0-nl": "Eer speelt (vermoedelijk) een rol.",
        "criteria-0-en": "Honour (presumably) plays a part.",
        "criteria-1-nl": "Het expertisecentrum is gevraagd.",
        "criteria-1-en": "The centre of expertise was asked.",
    },
    "outcomes": {"outcomes-3-nl": "Veilige plek gezocht", "outcomes-3-en": "Safe place sought"},
}


def test_own_theme(new_client, app):
    town = builders.organisation("GEM", OrganisationKind.MUNICIPALITY, name="Gemeente Deltaland")
    safety = builders.organisation("VT", OrganisationKind.VEILIG_THUIS, name="Veilig Thuis")
    boss = builders.person(town, "B. Beheer", is_administrator=True)
    admin = new_client().sign_in(boss.id)
    names = {"name_nl": "Eergerelateerd geweld", "name_en": "Honour-related violence"}
    made = admin.fill("/admin/kinds/new?like=thematic", names)
    assert made.location == KIND
    assert admin.fill("/admin/kinds/new?like=thematic", names).status_code == 422
    for part, typed in CHANGES.items():
        assert admin.fill(f"{KIND}/change/{part}", typed).status_code == 303, admin.last.text
    text = admin.page(KIND).text
    assert "themaoverleg" in text
    assert "Casussen: Eergerelateerd geweld" in text

    form = {"name": "Eer Deltaland", "prefix": "EER"}
    added = admin.fill("/admin/tables/new?kind=honour-related-violence", form)
    assert added.status_code == 303, admin.last.text
    (table,) = referring.rows(select(CaseTable))
    assert (table.kind, table.kind_code) == (TableKind.THEMATIC, "honour-related-violence")
    assert table.minutes_per_item == 45
    labels = referring.rows(select(SectionType.label_nl).where(SectionType.table_id == table.id))
    assert "Eer en familie" in labels
    assert set(referring.rows(select(TableQuorum.role))) == {
        RequiredRole.POLICE,
        RequiredRole.VEILIG_THUIS,
    }
    assert "Eergerelateerd geweld" in admin.page("/admin/tables").text
    assert "Eer Deltaland" in admin.page(KIND).text

    with builders.together():
        for one in (town, safety):
            builders.covenant(one, table)
        staff_person = builders.chair(town, table, "V. Voorzitter")
        referrer_person = builders.representative(safety, table, "A. Melder")
        meeting = builders.published(table, starts_at=clock.now() + timedelta(hours=1))
    referrer = new_client().sign_in(referrer_person.id)
    staff = new_client().sign_in(staff_person.id)
    path = referring.sent(referrer, table)
    (met,) = referring.rows(select(ReferralCriterion).where(ReferralCriterion.is_met))
    assert met.code == "theme"
    (version,) = referring.rows(select(Referral.kind_version))
    assert version == 1 + len(CHANGES)

    assert admin.fill(f"{KIND}/change/criteria", {"criteria-0-nl": "", "criteria-0-en": ""}).status_code == 303  # fmt: skip
    page = staff.page(f"/triage/{referring.id_of(path)}").text
    assert "Eer speelt (vermoedelijk) een rol." in page
    case = plan_tables.accepted(staff, path, meeting=str(meeting.id))
    outcome = _outcome("Veilige plek gezocht")
    plan_tables.discussed(staff, meeting, case, outcome)
    assert [one.code for one in referring.rows(select(ItemOutcome))] == [outcome]
    assert "Wij bespreken dit." in referrer.page(path).text


def _outcome(words: str) -> str:
    """The code of an outcome of the kind by its words."""
    with reading() as session:
        document = kinds_in_force.of_code(session, KIND.rsplit("/", 1)[1], clock.now()).document
    (found,) = [one.code for one in document.outcomes if one.text.nl == words]
    return found
