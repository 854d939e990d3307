"""Reading in lists: looked at first, bad rows named, a second time nothing, no file left."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.domain.kinds import AccountState, PowerfulChangeKind, TableKind, TableRoleName
from app.domain.references import is_reference
from app.infra import outbox, sheets
from app.infra.db import transaction
from app.models import (
    Case,
    Covenant,
    Draft,
    Organisation,
    Person,
    PersonConcerned,
    PowerfulChange,
    Section,
    TableRole,
)
from tests import builders

DATA = Path(__file__).resolve().parents[1] / "data"
PARTNERS = (
    "Organisatie;Afkorting;Soort;Naam;Functie;E-mailadres;Telefoon;Tafels;Convenant vanaf;Convenant tot;Opmerking\n"
    "Reclassering Nederland;RN;reclassering;E. Smit;vertegenwoordiger;e.smit@rn.example;;MDA++;1-1-2025;;\n"
    "Reclassering Nederland;RN;reclassering;V. Oor;voorzitter;v.oor@rn.example;;MDA++;1-1-2025;;\n"
    "Reclassering Nederland;RN;reclassering;F. Out;vervanger;f.out(at)rn.example;;MDA++;1-1-2025;;\n"
).encode("cp1252")
CASES = (
    "Zaaknummer;Tafel;Aangemeld door;Datum aanmelding;Kanaal;Vraag aan de tafel;Huishouden;Kinderen;Gezin geïnformeerd;Spoed;Status\n"
    "MDA-0001;MDA++;POL;1-5-2026;telefoon;Wie doet wat?;moeder, stiefvader;2 (b. 2016, 2019);nee: onderzoek;ja;geagendeerd\n"
    "MDA-0002;Nergens;POL;31-02-2026;telefoon;Wat nu?;;;;;\n"
).encode()
MODELS = (Organisation, Person, Covenant, TableRole, PowerfulChange, Case, Section, PersonConcerned)


@pytest.fixture
def world(app):
    return builders.small_world()


def counts():
    with transaction() as session:
        return [session.scalar(select(func.count()).select_from(model)) for model in MODELS]


def one(statement):
    with transaction() as session:
        return session.scalars(statement).one()


def upload(client, kind, data, name="lijst.csv"):
    client.page(f"/imports/{kind}")
    return client.post(
        f"/imports/{kind}",
        data={"csrf_token": client.token(), "file": (io.BytesIO(data), name)},
        headers={"Referer": f"{client.base_url}/imports/{kind}"},
    )


def confirm(client, kind):
    return client.send(
        f"/imports/{kind}/load", {"digest": client.last.form("/load").filled({})["digest"]}
    )


def test_looking_at_partners_changes_nothing_and_names_bad_rows(client, world):
    client.sign_in(world.administrator.id)
    before = counts()
    answer = upload(client, "partners", PARTNERS)
    assert answer.status_code == 200
    assert counts() == before
    text = client.last.text
    assert "Rij 4" in text
    assert "f.out(at)rn.example" in text
    assert "Bedoeld is misschien f.out@rn.example" in text
    assert "Lees 2 rijen in" in text


def test_loading_partners_invites_nobody_and_asks_for_a_second_person(client, world, mails):
    client.sign_in(world.administrator.id)
    upload(client, "partners", PARTNERS)
    assert confirm(client, "partners").status_code == 303
    person = one(select(Person).where(Person.email == "e.smit@rn.example"))
    assert person.state is AccountState.INVITED
    role = one(select(TableRole).where(TableRole.person_id == person.id))
    assert role.role is TableRoleName.REPRESENTATIVE
    chair = one(select(Person).where(Person.email == "v.oor@rn.example"))
    change = one(select(PowerfulChange).where(PowerfulChange.subject_id == chair.id))
    assert change.kind is PowerfulChangeKind.APPOINT_CHAIR
    assert change.decided_at is None
    assert not mails()
    with transaction() as session:
        assert not session.scalars(select(TableRole).where(TableRole.person_id == chair.id)).all()
        assert not session.scalars(select(Draft)).all()


def test_a_standing_deputy_comes_by_a_list_and_nobody_comes_back_to_what_ended(client, world):
    """One who represents already stays so; an account or an organisation that ended stays shut."""
    police = world.police_organisation
    left = builders.person(police, "L. Weg", email="l.weg@politie.example", state=AccountState.LEFT)
    ended = builders.organisation("OUD", name="Oude Instelling", ended_at=builders.LONG_AGO)
    head = PARTNERS.decode("cp1252").splitlines()[0]
    rows = (
        "Politie;POL;politie;S. Tand;vaste vervanger;s.tand@politie.example;;MDA++;1-1-2025;;",
        f"Politie;POL;politie;A. Yilmaz;vaste vervanger;{world.police.email};;MDA++;1-1-2025;;",
        f"Politie;POL;politie;L. Weg;vertegenwoordiger;{left.email};;MDA++;1-1-2025;;",
        "Oude Instelling;OUD;overig;N. Ieuw;vertegenwoordiger;n@oud.example;;MDA++;1-1-2025;;",
    )
    client.sign_in(world.administrator.id)
    upload(client, "partners", "\n".join((head, *rows)).encode())
    assert confirm(client, "partners").status_code == 303
    with transaction() as session:
        roles = session.execute(
            select(Person.name, TableRole.role).join(TableRole, TableRole.person_id == Person.id)
        ).all()
        assert session.scalar(select(Person.id).where(Person.organisation_id == ended.id)) is None
    held = [(name, role) for name, role in roles if name in {"S. Tand", "A. Yilmaz", "L. Weg"}]
    assert sorted(held) == [
        ("A. Yilmaz", TableRoleName.REPRESENTATIVE), ("S. Tand", TableRoleName.DEPUTY),
    ]  # fmt: skip


def test_a_list_tells_staff_of_roles_given_and_who_confirms_what_waits_by_one_mail_each(
    client, world, mails
):
    client.sign_in(world.administrator.id)
    upload(client, "partners", PARTNERS)
    confirm(client, "partners")
    outbox.drain()
    told = sorted((mail.to, mail.subject) for mail in mails())
    assert told == sorted([
        (world.chair.email, "Een wijziging in rollen, accounts of instellingen"),
        (world.coordinator.email, "Een wijziging in rollen, accounts of instellingen"),
        (world.chair.email, "Een wijziging wacht op uw bevestiging"),
    ])  # fmt: skip
    page = client.sign_in(world.coordinator.id).page("/changes")
    assert "Rol gegeven (vertegenwoordiger): E. Smit" in page.text


def test_a_second_import_of_the_same_file_changes_nothing(client, world):
    client.sign_in(world.administrator.id)
    upload(client, "partners", PARTNERS)
    confirm(client, "partners")
    before = counts()
    upload(client, "partners", PARTNERS)
    assert "niets nieuws" in client.last.text
    assert counts() == before


def test_cases_get_new_references_and_sealed_texts(client, world):
    client.sign_in(world.coordinator.id)
    upload(client, "cases", CASES)
    assert "Rij 3" in client.last.text
    assert "31-02-2026" in client.last.text
    assert confirm(client, "cases").status_code == 303
    case = one(select(Case).where(Case.imported_number == "MDA-0001"))
    assert is_reference(case.reference)
    page = client.page(f"/cases/{case.id}")
    assert "Wie doet wat?" in page.text
    assert "stiefvader" in page.text
    assert "Kind 2" in page.text
    assert "Gezin geïnformeerd: nee, onderzoek." in page.text
    assert "2016" not in page.text
    before = counts()
    upload(client, "cases", CASES)
    assert "niets nieuws" in client.last.text
    assert counts() == before


def test_workbooks_are_read_too(client, world):
    client.sign_in(world.coordinator.id)
    header, row = (line.split(";") for line in CASES.decode().splitlines()[:2])
    answer = upload(client, "cases", sheets.write_xlsx(header, [row], "Lijst"), "lijst.xlsx")
    assert answer.status_code == 200
    assert "Lees 1 rij in" in client.last.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "leeg"),
        (b"   ", "leeg"),
        (b"\xd0\xcf\x11\xe0old", "oud Excel"),
        (b"PK\x03\x04broken", "geen leesbaar"),
        (b"a;b\n1;2\n", "ontbreken de kolommen"),
        (b'a;b\n"1;2\n', "aanhalingsteken"),
        (b"a;b\x00\n1;2\n", "geen leesbaar"),
    ],
)
def test_what_is_no_list_is_refused_in_words(client, world, data, said):
    client.sign_in(world.coordinator.id)
    answer = upload(client, "cases", data)
    assert answer.status_code == 422
    assert said in client.last.text


def test_a_confirmation_of_another_or_an_old_file_is_refused(client, world, frozen_clock):
    client.sign_in(world.coordinator.id)
    upload(client, "cases", CASES)
    before = counts()
    client.page("/imports/cases")
    answer = client.send("/imports/cases/load", {"digest": "0" * 64})
    assert answer.status_code == 422
    assert "Kies het opnieuw" in answer.text
    upload(client, "cases", CASES)
    digest = client.last.form("/load").filled({})["digest"]
    frozen_clock.advance(timedelta(minutes=61))
    client.sign_in(world.coordinator.id)
    client.page("/imports/cases")
    assert client.send("/imports/cases/load", {"digest": digest}).status_code == 422
    assert counts() == before


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("coordinator", "partners"),
        ("administrator", "cases"),
        ("police", "partners"),
        ("police", "cases"),
    ],
)
def test_lists_are_for_those_whose_work_it_is(client, world, who, kind):
    client.sign_in(getattr(world, who).id)
    assert client.get(f"/imports/{kind}").status_code == 404


def test_a_table_not_served_is_no_table(client, world):
    client.sign_in(world.coordinator.id)
    upload(client, "cases", CASES.replace(b";MDA++;", b";ZSM;"))
    assert "Overleg “ZSM” is onbekend" in client.last.text


def test_the_sample_lists_load_by_command_and_only_once(app):
    host = builders.organisation("VT", name="Veilig Thuis Meerland")
    builders.person(host, is_administrator=True)
    who = builders.person(host)
    kinds = {"MDA++": TableKind.MDA, "ZSM": TableKind.ZSM, "ZVH": TableKind.SAFETY_HOUSE}
    for name, kind in {**kinds, "Actie-overleg": TableKind.ACTION}.items():
        at = builders.table(f"{name} Meerland", name[:3].upper(), kind=kind)
        builders.covenant(host, at)
        builders.role(who, at, TableRoleName.COORDINATOR)
    run = app.test_cli_runner().invoke
    lists = {kind: ["import", kind, str(DATA / f"{kind}.csv")] for kind in ("partners", "cases")}
    before = counts()
    looked = run(args=lists["partners"])
    assert "row 5 (Esmée Bos): E-mailadres: email invalid" in looked.output
    assert "Nothing was changed" in looked.output
    assert counts() == before
    for table in kinds:
        assert f"{table} unknown" not in looked.output
    for kind, arguments in lists.items():
        more = ["--by", who.email] if kind == "cases" else []
        loaded = run(args=[*arguments, *more, "--yes"])
        assert loaded.exit_code == 0, loaded.output
        after = counts()
        assert after != before
        again = run(args=[*arguments, *more, "--yes"])
        assert again.output.splitlines()[-1].startswith("0 loaded"), again.output
        assert counts() == after
        before = after


def test_the_command_asks_in_whose_name(app, world):
    builders.person(world.host, "Nog een", is_administrator=True)
    answer = app.test_cli_runner().invoke(args=["import", "partners", str(DATA / "partners.csv")])
    assert answer.exit_code == 1
    assert "--by" in answer.output
