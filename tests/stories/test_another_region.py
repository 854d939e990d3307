"""Another region is set up from the file of this one, up to its first published meeting."""

import io

import pytest
from sqlalchemy import select

from app.domain.configuration import dump, parse
from app.domain.kinds import OrganisationKind
from app.features.configuration import queries
from app.features.demo import service as demo
from app.infra.db import db
from app.models import Case, CaseTable, FollowUp, Meeting, Organisation, Person, TableTerm
from tests import builders, plan_tables, referring

KIND = {"name_nl": "Eergerelateerd geweld", "name_en": "Honour-related violence"}


@pytest.fixture
def text(app, new_client, database, settings) -> str:
    """What the demo region's own administrator takes out; after that the database is empty."""
    demo.load(demo.Size.SMALL)
    (boss,) = referring.rows(select(Person).where(Person.is_administrator).limit(1))
    admin = new_client().sign_in(boss.id)
    assert admin.fill("/admin/kinds/new?like=thematic", KIND).status_code == 303
    assert (
        admin.fill(
            "/admin/tables/new?kind=honour-related-violence", {"name": "Eer", "prefix": "EER"}
        ).status_code
        == 303
    ), admin.last.text
    answer = admin.fill("/admin/configuration", action="/copy")
    assert answer.headers["Content-Disposition"].endswith('"casustafel-inrichting.json"')
    database.let_go(db.engine)
    database.empty()
    database.open_keys(settings.key_file)
    return answer.text


def test_another_region_is_set_up_to_its_first_published_meeting(text, app, new_client):
    town = builders.organisation("NIEUW", OrganisationKind.MUNICIPALITY, name="Gemeente Nieuwland")
    boss = builders.person(town, "B. Beheer", is_administrator=True)
    admin = new_client().sign_in(boss.id)
    upload = {"file": (io.BytesIO(text.encode()), "x.json")}
    admin.fill("/admin/configuration", upload, action="/configuration")
    assert "Er is nog niets opgeslagen." in admin.last.text
    assert not referring.rows(select(CaseTable))
    looked_at = {"text": admin.last.form("/load").filled({})["text"]}
    loaded = admin.send("/admin/configuration/load", looked_at)
    assert loaded.status_code == 303, admin.last.text
    wanted, made = parse(text), parse(dump(queries.configuration(None)))
    assert made.tables == wanted.tables
    assert made.kinds == wanted.kinds
    assert set(wanted.organisations) <= set(made.organisations)
    assert set(wanted.rooms) == set(made.rooms)
    assert referring.rows(select(FollowUp))
    assert all(one.approved for one in referring.rows(select(TableTerm)))
    assert "Hier zijn al casustafels" in admin.page("/admin/configuration").text

    (table,) = referring.rows(select(CaseTable).where(CaseTable.prefix == "MDA"))
    (safety,) = referring.rows(
        select(Organisation).where(Organisation.kind == OrganisationKind.VEILIG_THUIS)
    )
    with builders.together():
        for one in (town, safety):
            builders.covenant(one, table)
        chair_person = builders.chair(town, table, "V. Voorzitter")
        referrer_person = builders.representative(safety, table, "A. Melder")
    chair = new_client().sign_in(chair_person.id)
    planned = chair.fill("/meetings/new", {"table": str(table.id), "day": "12-06-2026", "start": "13.00", "end": "15.00"})  # fmt: skip
    assert planned.status_code == 303, chair.last.text
    (meeting,) = referring.rows(select(Meeting))
    referrer = new_client().sign_in(referrer_person.id)
    path = referring.sent(referrer, table)
    plan_tables.accepted(chair, path, meeting=str(meeting.id))
    assert chair.fill(f"/meetings/{meeting.id}/publish").status_code in {200, 303}, chair.last.text
    (meeting,) = referring.rows(select(Meeting))
    assert meeting.published_at is not None


def test_the_commands_take_out_look_and_load_once(text, app, tmp_path):
    town = builders.organisation("NIEUW", OrganisationKind.MUNICIPALITY, name="Gemeente Nieuwland")
    boss = builders.person(town, "B. Beheer", is_administrator=True)
    other = builders.person(town, "A. Ander")
    file = tmp_path / "set-up.json"
    file.write_text(text, encoding="utf-8")
    run = app.test_cli_runner().invoke
    load = ["configuration", "import", str(file), "--by"]
    assert "is no active administrator" in run(args=[*load, other.email]).output
    assert "would be loaded" in run(args=[*load, boss.email]).output
    assert not referring.rows(select(CaseTable))
    assert run(args=[*load, boss.email, "--yes"]).exit_code == 0
    again = run(args=[*load, boss.email, "--yes"])
    assert again.exit_code == 1
    assert "There are case tables here already" in again.output
    out = tmp_path / "out.json"
    assert "tables" in run(args=["configuration", "export", str(out)]).output
    assert parse(out.read_text(encoding="utf-8")).tables == parse(text).tables
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    bad = run(args=["configuration", "import", str(tmp_path / "bad.json"), "--by", boss.email])
    assert "is no set-up of Casustafel" in bad.output


def test_a_set_up_holds_no_person_and_no_case(app):
    demo.load(demo.Size.SMALL)
    text = dump(queries.configuration(None))
    people = referring.rows(select(Person))
    cases = referring.rows(select(Case.reference))
    assert len(people) > 10
    assert len(cases) > 2
    for word in ("@", *cases, *(name for one in people for name in (one.name, one.email))):
        assert word not in text, word
