"""Copies of actions: with a purpose, made by the worker as who asked, gone after a day."""

import io
import uuid
from datetime import date
from unittest import mock

import pytest
from openpyxl import load_workbook

from app.access.records import exports
from app.domain.kinds import ActionState
from app.features.exports import making
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope
from app.infra.outbox import OutboxRow
from app.models import Action, AuditEvent, Export, TableRole
from app.web import housekeeping
from tests import builders
from tests.seats import actor_of, all_of, change, later, recorded

SAFE, FULL = "Aangiften op een rij zetten", "Kanarieactie over moeder"
BOARD, OWN = "/exports/actions", "/exports/my-actions"


@pytest.fixture
def world(app):
    made = builders.small_world(open_papers=True)
    at, by = made.item, made.chair
    builders.action(at, made.police_organisation, made.police, by, safe=SAFE, full=FULL)
    builders.action(
        made.second_item, made.care_organisation, None, by, safe='=HYPERLINK("x")',
        due_on=date(2026, 5, 20),
    )  # fmt: skip
    builders.action(at, made.police_organisation, made.police, by, safe="@gedaan; klaar",
                    state=ActionState.DONE, finished_at=clock.now())  # fmt: skip
    return made


@pytest.fixture
def staff(world, client):
    return client.sign_in(world.coordinator.id)


def ask(client, at: str = BOARD, as_file: str = "csv") -> str:
    answer = client.fill(at, {"purpose": "follow-up", "as_file": as_file})
    assert answer.status_code == 303, answer.text
    return answer.location


def made(client, at: str = BOARD, as_file: str = "csv") -> str:
    copy = ask(client, at, as_file)
    outbox.drain()
    return copy


def fetched(client, copy: str):
    client.page(copy)
    answer = client.send(f"{copy}/file")
    assert answer.status_code == 200, answer.text
    return answer


def lines_of(client, copy: str) -> list[str]:
    return fetched(client, copy).data.decode("utf-8-sig").splitlines()


def test_a_copy_says_what_it_holds_asks_why_and_is_made_by_the_worker(world, staff):
    page = staff.page(f"{BOARD}?state=all&page=2")
    assert "3 acties van de overleggen die u begeleidt" in page.text
    assert "Actie (neutrale tekst)" in page.text
    assert "24 uur" in page.text
    refused = staff.fill(f"{BOARD}?state=all", {"as_file": "csv"})
    assert refused.status_code == 422
    assert "Kies waar de kopie voor is." in refused.text
    assert not all_of(Export)

    copy = ask(staff, f"{BOARD}?state=all&page=2&remark=moeder")
    assert "De kopie wacht op de achtergrondtaak." in staff.page(copy).text
    outbox.drain()
    header, *rows = lines_of(staff, copy)
    assert header.startswith("Casustafel;Actie (neutrale tekst);Termijn;")
    assert len(rows) == 3
    text = "\n".join(rows)
    assert SAFE in text
    assert FULL not in text
    assert world.case.reference in text
    assert "20-05-2026" in rows[0], "soonest first"
    assert '"\'=HYPERLINK(""x"")"' in rows[0], "no program takes it for a formula"
    assert "'@gedaan; klaar" in text
    (export,) = all_of(Export)
    assert export.query == "state=all", "only filters are kept, never words of an address"
    assert (export.rows, export.done) == (3, 3)


def test_filters_of_the_board_narrow_a_copy_and_a_workbook_keeps_its_dates(world, staff):
    copy = made(staff, f"{BOARD}?organisation={world.care_organisation.id}", "xlsx")
    answer = fetched(staff, copy)
    assert answer.headers["Content-Disposition"] == "attachment; filename=acties-2026-06-01.xlsx"
    assert answer.headers["Cache-Control"] == "no-store"
    _header, row = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
    assert row[1] == '\'=HYPERLINK("x")'
    assert row[2].date() == date(2026, 5, 20)
    assert row[5] == "ja"
    assert staff.get(f"{BOARD}?organisation=x").status_code == 404


def test_a_partner_copies_the_own_list_without_references(world, client):
    police = client.sign_in(world.police.id)
    assert police.get(BOARD).status_code == 404
    _header, *rows = lines_of(police, made(police, OWN))
    assert len(rows) == 1
    assert SAFE in rows[0]
    assert FULL not in rows[0]
    assert world.case.reference not in rows[0]
    (finished,) = lines_of(police, made(police, f"{OWN}?finished"))[1:]
    assert "@gedaan" in finished
    assert police.page(OWN).text.count("Acties opvolgen CSV klaar") == 2
    assert client.sign_in(world.administrator.id).get(OWN).status_code == 404


def test_reading_and_taking_along_are_recorded_with_purpose_and_number(world, staff):
    copy = made(staff, f"{BOARD}?state=all")
    assert recorded(world.coordinator, "copy-actions", "read") == 1
    assert not recorded(world.coordinator, "copy-actions", "copy-print-export")
    fetched(staff, copy)
    assert recorded(world.coordinator, "copy-actions", "copy-print-export") == 1
    for line in all_of(AuditEvent, AuditEvent.object_kind == "copy-actions"):
        binding = f"audit_event:copy-actions:{line.object_id}:reason"
        assert crypto.unseal(crypto.Sealed(line.sealed_reason, binding)) == "follow-up; 3 rows"
    assert "Laatst opgehaald op 01-06-2026, 10.00" in staff.page(copy).text


def test_only_who_asked_fetches_it_and_only_for_a_day(world, staff, new_client):
    copy = made(staff, f"{BOARD}?state=all")
    other = new_client().sign_in(world.chair.id)
    other.page("/")
    assert other.get(copy).status_code == 404
    assert other.send(f"{copy}/file").status_code == 404
    assert staff.get(f"{copy}/file").status_code == 405
    export_id = uuid.UUID(copy.rsplit("/", 1)[-1])
    kept = crypto.store().key_of(KeyScope.of_export(export_id))
    later(hours=24)
    staff.sign_in(world.coordinator.id).page("/")
    assert staff.get(copy).status_code == 404, "past its end, whether or not it was thrown away"
    assert staff.send(f"{copy}/file").status_code == 404
    outbox.drain()
    (left,) = all_of(Export)
    assert (left.file_ct, left.query) == (None, "")
    assert left.purpose == "follow-up", "that it was made stays, without what was in it"
    assert crypto.store().key_of(KeyScope.of_export(export_id)) != kept, "no backup opens it"


def test_the_hourly_round_throws_away_what_the_worker_left(world, staff):
    made(staff)
    later(hours=24)
    housekeeping.tidy()
    assert [one.file_ct for one in all_of(Export)] == [None]


@pytest.mark.parametrize("event", ["table", "exclusion", "holder"])
def test_a_copy_is_gone_for_who_no_longer_sees_all_of_it(world, staff, new_client, event):
    reader, at, who = staff, BOARD, world.coordinator
    if event == "holder":
        reader, at, who = new_client().sign_in(world.police.id), OWN, world.police
    copy, waiting = made(reader, at), ask(reader, at)
    if event == "table":
        change(TableRole, TableRole.person_id == who.id, until_at=clock.now())
    elif event == "exclusion":
        builders.exclusion(who, world.second_case, world.chair, from_at=clock.now())
    else:
        change(Action, Action.person_id == who.id, person_id=world.police_colleague.id)
    reader.page("/")
    assert reader.get(copy).status_code == 404
    assert reader.send(f"{copy}/file").status_code == 404
    outbox.drain()
    export = all_of(Export, Export.id == uuid.UUID(waiting.rsplit("/", 1)[-1]))[0]
    if event == "table":
        assert export.failed_at, "who serves no table any more makes no copy of one"
        assert "Niet gelukt" in reader.page(waiting).text
    else:
        rows = lines_of(reader, waiting)[1:]
        assert len(rows) == (1 if event == "exclusion" else 0), "as far as one may see it now"


def test_a_worker_killed_half_way_begins_again_and_writes_one_line(world, staff, monkeypatch):
    monkeypatch.setattr(making, "PART", 1)
    copy = ask(staff, f"{BOARD}?state=all")
    read, killed = making._part, []

    def dies(export_id, kind, ids):
        killed.append(ids)
        if len(killed) == 3:
            raise SystemExit
        return read(export_id, kind, ids)

    with mock.patch.object(making, "_part", dies), pytest.raises(SystemExit):
        outbox.drain()
    (export,) = all_of(Export)
    assert (export.rows, export.done, export.file_ct) == (3, 2, None)
    assert "2 van 3 acties gelezen" in staff.page(copy).text
    assert staff.get(f"{copy}/again").status_code == 200
    assert staff.send(f"{copy}/file").status_code == 404, "there is nothing to fetch yet"
    later(minutes=11)
    staff.sign_in(world.coordinator.id)
    outbox.drain()
    assert len(lines_of(staff, copy)) == 4
    assert recorded(world.coordinator, "copy-actions", "read") == 1
    making.make(export.id, set_file=lambda *_: pytest.fail("made twice"))


def test_a_copy_costs_the_same_statements_for_few_and_many(world, staff, count_statements):
    with count_statements() as few:
        staff.page(BOARD)
    copy = made(staff)
    with count_statements() as taken_few:
        fetched(staff, copy)
    with builders.together():
        for number in range(30):
            builders.action(world.item, world.host, None, world.chair, safe=f"Actie {number}")
    with count_statements() as many:
        staff.page(BOARD)
    copy = made(staff)
    with count_statements() as taken_many:
        fetched(staff, copy)
    assert len(many) == len(few)
    assert len(taken_many) == len(taken_few)
    actor = actor_of(world.coordinator)
    assert exports.own_exports(actor, now=clock.now()) is not None
    assert all_of(OutboxRow, OutboxRow.kind == "exports.make", OutboxRow.done_at.is_not(None))
