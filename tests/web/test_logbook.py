"""The privacy officer takes a copy of the access log out, and leaves a line behind."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access import audit, load_actor
from app.access.logbook import export, seals
from app.access.logbook.export import FIELDS
from app.access.oversight import emergency
from app.domain.kinds import Ground
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.infra.db import reading, transaction
from app.models import AuditEvent, Person
from tests import accounts, builders

PAGE = "/access-log"
EVIL = '=HYPERLINK("http://kwaad.example")'


@pytest.fixture
def world(app):
    return builders.small_world(open_papers=True)


@pytest.fixture
def officer(world) -> Person:
    return accounts.enrolled(world.host, is_privacy_officer=True)


@pytest.fixture
def visitor(client, officer, monkeypatch):
    monkeypatch.setattr(export, "ROWS_AT_ONCE", 4)  # the lines come in several pages
    return client.sign_in(officer.id)


def log(world, **more) -> None:
    """A few lines of two people, one of them in an emergency with a reason."""
    with transaction() as session:
        session.get_one(Person, world.care.id).name = EVIL
        session.flush()
        care = load_actor(session, world.care.id, now=clock.now(), address="192.0.2.7")
        police = load_actor(session, world.police.id, now=clock.now())
        audit.record(
            session,
            care,
            audit.Entry(
                event=audit.Event.READ, object_kind="section", ground=Ground.SEAT,
                object_id=world.sections["safety"].id, section_id=world.sections["safety"].id,
                case_id=world.case.id, table_id=world.table.id, on_behalf_of_id=world.police.id,
                reason="Acuut gevaar, om 3 uur 's nachts",
            ),
        )  # fmt: skip
        for number in range(9):
            audit.record(
                session, police, audit.Entry(event=audit.Event.READ, object_kind=f"probe {number}")
            )


ASK = {"first_day": "01-06-2026", "last_day": "01-06-2026"}


def taken(visitor, frozen_clock, **more: str):
    """The copy asked for, after a proof of its own; every code is good for once."""
    frozen_clock.advance(timedelta(seconds=30))
    accounts.step_up(visitor, PAGE)
    return visitor.fill(PAGE, ASK | more)


def rows_of(answer) -> list[dict[str, str]]:
    text = answer.get_data().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert len(header) == len(FIELDS)
    return [dict(zip(FIELDS, row, strict=True)) for row in rows]


def test_a_copy_in_the_terms_of_nen_7513(visitor, world, officer, frozen_clock) -> None:
    log(world)
    answer = taken(visitor, frozen_clock)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=toegangslogboek.csv"
    rows = rows_of(answer)
    numbers = [int(row["number"]) for row in rows]
    assert numbers == list(range(1, len(rows) + 1)), "no line twice and none left out"
    (line,) = [row for row in rows if row["object_kind"] == "section"]
    assert line == {
        "number": line["number"],
        "time": "2026-06-01T08:00:00.000000+00:00",
        "event": "read",
        "outcome": "done",
        "user_id": str(world.care.id),
        "user_name": f"'{EVIL}",
        "organisation_id": str(world.care_organisation.id),
        "organisation": world.care_organisation.name,
        "role": "seat-holder",
        "on_behalf_of_id": str(world.police.id),
        "on_behalf_of": world.police.name,
        "on_behalf_of_organisation_id": str(world.police_organisation.id),
        "on_behalf_of_organisation": world.police_organisation.name,
        "ground": "seat",
        "object_kind": "section",
        "object_id": str(world.sections["safety"].id),
        "table_id": str(world.table.id),
        "table": world.table.name,
        "meeting_id": "",
        "item_id": "",
        "case_id": str(world.case.id),
        "section_id": str(world.sections["safety"].id),
        "reason": "",
        "access_point": "192.0.2.7",
        "source": audit.SOURCE,
    }
    with reading() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (last.event, last.object_kind) == ("copy-print-export", "access-log")
        assert (last.person_id, last.role) == (officer.id, "privacy-officer")
        assert last.at.isoformat(timespec="microseconds") >= rows[-1]["time"]
        assert len(rows) == last.id - 1, "the copy ends where it was asked for"
    as_json = json.loads(taken(visitor, frozen_clock, kind="json").get_data())
    assert [row["number"] for row in as_json] == list(range(1, len(as_json) + 1))
    assert [tuple(row) for row in as_json] == [FIELDS] * len(as_json)
    assert EVIL in {row["user_name"] for row in as_json}


def test_one_period_one_table_one_person(visitor, world, frozen_clock) -> None:
    log(world)
    of_one = rows_of(taken(visitor, frozen_clock, email=world.care.email.upper()))
    assert [row["event"] for row in of_one] == ["read"]
    of_table = rows_of(taken(visitor, frozen_clock, table=str(world.table.id)))
    assert {row["table_id"] for row in of_table} == {str(world.table.id)}
    days = {"first_day": "02-06-2026", "last_day": "30-06-2026", "kind": "json"}
    assert taken(visitor, frozen_clock, **days).get_data() == b"[]\n"
    with reading() as session:
        asked = session.execute(
            select(AuditEvent.object_id, AuditEvent.table_id)
            .where(AuditEvent.object_kind == "access-log")
            .order_by(AuditEvent.id)
        ).all()
    assert [tuple(row) for row in asked] == [
        (world.care.id, None), (None, world.table.id), (None, None),
    ]  # fmt: skip


def test_no_line_of_a_case_that_bars_the_officer_is_copied(
    visitor, world, officer, frozen_clock
) -> None:
    log(world)
    builders.exclusion(officer, world.case, world.chair)
    rows = rows_of(taken(visitor, frozen_clock))
    assert str(world.case.id) not in {row["case_id"] for row in rows}
    assert len([row for row in rows if row["object_kind"].startswith("probe")]) == 9
    numbers = [int(row["number"]) for row in rows]
    assert numbers == list(range(1, len(rows) + 1)), "no gap where something is left out"


def test_words_about_a_case_stay_behind_and_the_number_tried_in_vain_does_not(
    visitor, world, frozen_clock
) -> None:
    log(world)
    with transaction() as session:
        care = load_actor(session, world.care.id, now=clock.now())
        tried = emergency.line_of(audit.Event.EMERGENCY, outcome="refused", reason="MDA-44444")
        audit.record(session, care, tried)
        gone = replace(tried, reason="MDA-55555", reason_scope=KeyScope.of_try("MDA-55555"))
        audit.record(session, care, gone)
    crypto.store().destroy(KeyScope.of_try("MDA-55555"))
    answer = taken(visitor, frozen_clock, email=world.care.email)
    assert [row["reason"] for row in rows_of(answer)] == ["", "MDA-44444", ""]
    assert "Acuut gevaar" not in answer.get_data(as_text=True)


def test_nothing_leaves_without_a_proof_of_its_own(visitor, world, frozen_clock) -> None:
    log(world)
    assert "Bevestig eerst dat u het bent" in visitor.page(PAGE).text
    assert visitor.send(PAGE, ASK).headers["Location"] == "/step-up?next=/access-log?restored%3D1"
    taken(visitor, frozen_clock)
    assert visitor.send(PAGE, ASK | {"kind": "csv"}).status_code == 303


def test_what_cannot_be_copied_is_said(visitor, world, frozen_clock) -> None:
    log(world)
    for wrong in (
        {"first_day": "02-06-2026"},
        {"email": "niemand@nergens.example"},
        {"table": "iets"},
    ):
        answer = taken(visitor, frozen_clock, **wrong)
        assert answer.status_code == 422, wrong
        assert "probe" not in answer.get_data(as_text=True)
    with reading() as session:
        assert not session.scalars(
            select(AuditEvent.id).where(AuditEvent.object_kind == "access-log")
        ).all()


def test_the_page_is_for_the_privacy_officer_alone(new_client, officer, world, tmp_path) -> None:
    for who in (world.chair, world.coordinator, world.police, world.administrator):
        other = new_client().sign_in(who.id)
        assert other.get(PAGE).status_code == 404
        assert "Toegangslogboek" not in other.page("/").text
    visitor = new_client().sign_in(officer.id)
    assert "liggen nog niet vast" in visitor.page(PAGE).text
    log(world)
    seals.seal_log(tmp_path / "seals")
    assert "liggen vast sinds" in visitor.page(PAGE).text
    assert "Toegangslogboek" in visitor.page("/readers").text
