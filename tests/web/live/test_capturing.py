"""The capture line on the server: read back, asked, saved once; and a form for each kind."""

import json
import re
import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.access.messages import leak_gate
from app.domain.errors import Refusal
from app.domain.kinds import DecisionKind, PresenceState, TableKind
from app.features.live import capturing, recording
from app.infra import clock, crypto
from app.infra.crypto import Sealed
from app.infra.db import transaction
from app.models import (
    Action,
    AuditEvent,
    CaseTable,
    Decision,
    DecisionAddressee,
    Draft,
    Meeting,
    Note,
    NoteReader,
    OralMark,
    Person,
    Seat,
    SubmitKey,
)
from tests import builders
from tests.live import act_url, change, decide_url, every, live_url, new_action, stored, text_of
from tests.seats import actor_of
from tests.statements import counted

JSON = {"Accept": "application/json"}


def url_of(world, item=None, *, echo: bool = False) -> str:
    at = item or world.item
    return f"/meetings/{world.meeting.id}/items/{at.id}/capture" + ("/echo" if echo else "")


def by_script(client, url: str, line: str, **more):
    """As the script sends it: the line was read on the screen it stands on."""
    fields = {"csrf_token": client.token(), "line": line, "seen": line, "sign": "a", **more}
    return client.post(url, data=fields, headers={**JSON, "Referer": client.base_url + "/"})


def words(answer) -> str:
    """The words of a fragment, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", "", json.loads(answer.text)["html"]).split())


def safe_of(one: Action) -> str:
    return crypto.unseal(Sealed(one.safe_ct, f"action:{one.id}:safe"))


def full_of(one: Action) -> str:
    return crypto.unseal(Sealed(one.full_ct, f"action:{one.id}:full"))


def test_a_line_becomes_an_action_with_owner_date_and_two_texts(running, chair):
    answer = by_script(chair, url_of(running), "/a Plan delen met Kanarienaam @yil >vr ")
    assert answer.status_code == 303
    assert live_url(running, running.item) in answer.location
    (one,) = every(Action)
    assert (one.person_id, one.due_on) == (running.police.id, date(2026, 6, 5))
    assert full_of(one) == "Plan delen met Kanarienaam"
    assert safe_of(one) == "Plan delen met …"
    page = chair.page(live_url(running, running.item)).text
    assert "Vastgelegd: actie, uiterlijk vr 05-06-2026." in page


def test_a_line_becomes_an_agreement_a_note_or_a_mark(running, chair):
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    for line in ("/b Regie bij gemeente", "/b Voor zorg @ggz", "/n Alleen wij", "/n Samen @pol"):
        assert by_script(chair, url_of(running), line).status_code == 303
    first, second = sorted(every(Decision), key=text_of)
    assert (text_of(first), first.kind) == ("Regie bij gemeente", DecisionKind.AGREEMENT)
    to = {(one.decision_id, one.seat_id) for one in every(DecisionAddressee)}
    assert to == {(first.id, running.police_seat.id), (second.id, running.care_seat.id)}
    notes = {crypto.unseal(Sealed(one.text_ct, f"note:{one.id}:text")): one for one in every(Note)}
    assert set(notes) == {"Alleen wij", "Samen"}
    (reader,) = every(NoteReader)
    assert (reader.note_id, reader.seat_id) == (notes["Samen"].id, running.police_seat.id)
    refused = by_script(chair, url_of(running), "/m hij zei het @pol")
    assert refused.status_code == 422
    assert "wordt niet vastgelegd" in words(refused)
    assert not every(OralMark)
    assert by_script(chair, url_of(running), "/m @pol").status_code == 303
    (mark,) = every(OralMark)
    assert (mark.seat_id, mark.agreed_at) == (running.police_seat.id, None)
    kinds = {row.object_kind for row in every(AuditEvent)}
    assert {"decision", "note", "oral-mark"} <= kinds


def test_the_echo_reads_back_and_keeps_nothing(running, chair):
    chair.page(live_url(running, running.item))
    url = url_of(running, echo=True)
    by_script(chair, url, "/a Eerst")
    before = {model: len(every(model)) for model in (AuditEvent, SubmitKey, Action, Draft)}
    said = by_script(chair, url, "/a Bel Kanarienaam terug @pol")
    assert said.status_code == 200
    assert words(said) == (
        "Leest als: actie voor A. Yilmaz (POL), uiterlijk ma 08-06-2026 (standaard)"
        "Neutrale tekst: Bel … terug"
    )
    assert "afspraak voor wie aanwezig is" in words(by_script(chair, url, "/b Regie"))
    assert "Deze datum is voorbij" in words(by_script(chair, url, "Bel @pol >3-5"))
    assert by_script(chair, url, "").status_code == 200
    assert {model: len(every(model)) for model in before} == before


def test_typing_on_waits_for_nobody_who_writes(running, chair, monkeypatch):
    """That the words of the cases are read was noted at the first line of the day."""
    chair.page(live_url(running, running.item))
    by_script(chair, url_of(running, echo=True), "/a Eerst")
    monkeypatch.setattr(leak_gate, "transaction", None)
    said = by_script(chair, url_of(running, echo=True), "/a Bel Kanarienaam terug @pol")
    assert "Neutrale tekst: Bel … terug" in words(said)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("/a Bel", "Wie is het?"),
        ("/a Bel @school >vr", "zit niemand die zo heet"),
        ("/a Bel @pol >3-5", "Deze datum is voorbij"),
        ("/a Bel @pol >31-02", "Deze datum bestaat niet"),
        ("/a Bel @pol >volgende", "nog geen volgend overleg"),
        ("/a Kanarienaam @pol", "Schrijf een neutrale tekst"),
        ("/x Bel @pol", "Dit teken ken ik niet"),
        ("", "Vul dit veld in"),
    ],
)
def test_what_would_be_a_guess_is_asked_first(running, chair, line, asked):
    answer = by_script(chair, url_of(running), line)
    assert answer.status_code == 422
    assert asked in words(answer)
    assert not every(Action)


def test_answers_complete_a_line(running, chair):
    builders.seat(running.item, running.police_organisation, running.police_colleague)
    line = "/a Bel Kanarienaam @pol >3-5"
    asked = by_script(chair, url_of(running), line)
    assert "C. Jansen (POL)" in words(asked)
    assert "A. Yilmaz (POL)" in words(asked)
    assert "T. Mulder" not in words(asked), "only whom it can mean"
    half = by_script(chair, url_of(running), line, owner=str(running.police_seat.id))
    assert half.status_code == 422
    assert f'type="hidden" name="owner" value="{running.police_seat.id}"' in half.json["html"]
    answers = {"owner": str(running.police_seat.id), "due": "31-02-2026"}
    assert "bestaat niet" in words(by_script(chair, url_of(running), line, **answers))
    answers = {"owner": str(running.police_seat.id), "due": "12-6-2026", "safe": "Bel Kanarienaam"}
    assert "nog iets uit de casus" in words(by_script(chair, url_of(running), line, **answers))
    answers["safe"] = "Bel terug"
    assert by_script(chair, url_of(running), line, **answers).status_code == 303
    (one,) = every(Action)
    assert (one.person_id, one.due_on) == (running.police.id, date(2026, 6, 12))
    assert (safe_of(one), full_of(one)) == ("Bel terug", "Bel Kanarienaam")


def test_an_answer_to_another_line_does_not_count(running, chair):
    fields = {"owner": str(running.care_seat.id), "due": "12-6-2026"}
    answer = by_script(chair, url_of(running), "/a Bel", seen="/a Iets anders", **fields)
    assert answer.status_code == 422
    assert not every(Action)


def test_next_means_the_next_meeting_of_the_table(running, chair):
    days = [running.meeting.starts_at + timedelta(days=days) for days in (-7, 14, 21)]
    for start in days:
        builders.meeting(running.table, starts_at=start)
    builders.meeting(running.other_table, starts_at=days[0] + timedelta(days=10))
    with transaction() as session:
        first = session.scalars(select(Meeting).where(Meeting.starts_at == days[1])).one()
        first.cancelled_at = clock.now()
    assert by_script(chair, url_of(running), "/a Bel @pol >volgende").status_code == 303
    assert every(Action)[0].due_on == days[2].date()


def test_a_line_that_comes_again_is_saved_once(running, chair):
    key = {"submit_key": "een-eigen-sleutel"}
    first = by_script(chair, url_of(running), "/a Bel @pol", **key)
    again = by_script(chair, url_of(running), "/a Bel @pol", **key)
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.location == first.location, "the worksheet, as the first time"
    assert first.location.endswith("&saved=een-eigen-sleutel"), "the script knows its line by it"
    # The server fell over after saving and before it wrote down what it had answered.
    with transaction() as session:
        session.query(SubmitKey).delete()
    assert by_script(chair, url_of(running), "/a Bel @pol", **key).status_code == 303
    assert len(every(Action)) == 1
    assert by_script(chair, url_of(running), "/a Bel @pol", submit_key="nog-een").status_code == 303
    assert len(every(Action)) == 2
    # Its answer was lost on the way, and meanwhile a line would be held back or asked about.
    builders.bystander(running.item, running.case, "M. Extern", running.chair)
    late = by_script(chair, url_of(running), "/a Bel @pol >3-5", **key)
    assert late.location == first.location
    assert len(every(Action)) == 2


def test_without_a_script_the_line_is_read_back_on_a_page_of_its_own(running, chair):
    sheet = live_url(running, running.item)
    read = chair.fill(sheet, {"line": "/a Bel Kanarienaam @pol"}, action="/capture")
    assert read.status_code == 200
    text = chair.last.text
    assert "Leest als: actie voor A. Yilmaz (POL)" in text
    assert not every(Action)
    form = chair.last.form("/capture")
    assert dict(form.fields)["safe"] == "Bel …"
    changed = chair.send(url_of(running), form.filled({"line": "/a Bel @ggz >3-5"}))
    assert changed.status_code == 422, "another line is read anew"
    assert "Deze datum is voorbij" in changed.text
    answered = chair.last.form("/capture").filled({"due": "12-6-2026"})
    done = chair.send(url_of(running), answered)
    assert done.location.endswith(live_url(running, running.item)), "a browser needs no key"
    (one,) = every(Action)
    assert (one.person_id, one.due_on) == (running.care.id, date(2026, 6, 12))


def test_a_line_goes_under_the_name_of_whoever_typed_it(running, chair):
    """It may wait in a window in which somebody else signed in since."""
    other = {"writer": str(running.coordinator.id)}
    for url in (url_of(running), url_of(running, echo=True)):
        assert by_script(chair, url, "/a Bel @pol", **other).status_code == 400
    form = chair.page(live_url(running, running.item)).form("/capture")
    assert dict(form.fields)["writer"] == str(running.chair.id)
    assert not every(Action)


@pytest.mark.parametrize(
    "odd", [{"sign": "x"}, {"owner": "geen id"}, {"due": "ooit"}, {"line": "a " * 4000}]
)
def test_what_a_browser_would_not_send_is_refused(running, chair, odd):
    for url, status in ((url_of(running), 422), (url_of(running, echo=True), 200)):
        fields = {"line": "/a Bel", "seen": odd.get("line", "/a Bel"), **odd}
        assert by_script(chair, url, fields.pop("line"), **fields).status_code == status
    assert not every(Action)


def test_only_staff_of_the_table_write_down_and_only_at_their_item(running, new_client):
    for who in (running.stranger, running.police, running.administrator):
        visitor = new_client().sign_in(who.id)
        visitor.page("/")
        for url in (url_of(running), url_of(running, echo=True)):
            assert by_script(visitor, url, "/a Bel @pol").status_code == 404
        for tail in ("notes", "oral-marks"):
            there = f"/meetings/{running.meeting.id}/items/{running.item.id}/{tail}"
            assert visitor.send(there, {"note": "x", "seat": "x"}).status_code == 404
    staff = new_client().sign_in(running.chair.id)
    elsewhere = f"/meetings/{uuid.uuid4()}/items/{running.item.id}/capture"
    assert by_script(staff, elsewhere, "/a Bel @pol").status_code == 404
    assert by_script(staff, f"{elsewhere}/echo", "/a Bel @pol").status_code == 404
    builders.exclusion(running.chair, running.case, running.coordinator)
    for url in (url_of(running), url_of(running, echo=True)):
        assert by_script(staff, url, "/a Bel @pol").status_code == 404
    assert not every(Action)


def test_the_gate_and_the_end_hold_a_line_back_and_keep_it(running, chair):
    builders.bystander(running.item, running.case, "M. Extern", running.chair)
    held = by_script(chair, url_of(running), "/a Bel @pol")
    assert held.status_code == 422
    assert "iemand in de zaal zonder deelname" in words(held)
    change(Meeting, running.meeting.id, closed_at=clock.now(), adopted_at=clock.now())
    for url in (url_of(running), url_of(running, echo=True)):
        assert "Dit kan niet meer" in words(by_script(chair, url, "/a Bel @pol"))
    assert not every(Action)


def test_a_session_that_ended_keeps_the_line(running, chair, frozen_clock):
    chair.page(live_url(running, running.item))
    token = chair.token()
    frozen_clock.advance(timedelta(hours=3))
    fields = {"csrf_token": token, "line": "/a Bel @pol", "seen": "/a Bel @pol", "sign": "a"}
    there = chair.base_url + f"/meetings/{running.meeting.id}/live"
    answer = chair.post(url_of(running), data=fields, headers={**JSON, "Referer": there})
    assert "/sign-in" in answer.location
    assert not every(Action)
    chair.sign_in(running.chair.id)
    # Never in the line of another case, whichever is on the table meanwhile.
    other = f"/meetings/{running.meeting.id}/live?item={running.second_item.id}&restored=1"
    for page in (other, f"/meetings/{running.meeting.id}/live?restored=1"):
        assert not dict(chair.page(page).form("/capture").fields)["line"]
    again = chair.page(f"{live_url(running, running.item)}&restored=1")
    assert dict(again.form("/capture").fields)["line"] == "/a Bel @pol"


def test_an_agreement_says_who_took_it_whose_dissent_and_what_it_rests_on(running, chair):
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    sheet = live_url(running, running.item)
    said = {
        "text": "Samen bellen", "kind": "safety-agreement", "dissent": "Te vroeg",
        "dissent_seat": str(running.care_seat.id), "taken_by": str(running.police_seat.id),
    }  # fmt: skip
    assert chair.fill(sheet, said, action="/decisions").status_code == 303
    (one,) = every(Decision)
    assert (one.taken_by_seat_id, one.dissent_seat_id) == (
        running.police_seat.id,
        running.care_seat.id,
    )
    for name in ("taken_by", "dissent_seat", "oral_mark"):
        wrong = {"text": "x", "kind": "agreement", name: str(running.second_care_seat.id)}
        wrong["dissent"] = "Te vroeg" if name == "dissent_seat" else ""
        assert chair.send(decide_url(running), wrong).status_code == 422
    nobodys = chair.send(decide_url(running), {"text": "x", "kind": "agreement", "dissent": "Nee"})
    assert nobodys.status_code == 422
    assert chair.send(decide_url(running), {"text": "x", "kind": "by-mayor"}).status_code == 422
    mayors = recording.NewDecision(text="x", kind=DecisionKind.BY_MAYOR)
    with pytest.raises(Refusal, match="value-unknown"):
        recording.record_decision(actor_of(running.chair), running.item.id, mayors)
    change(CaseTable, running.table.id, kind=TableKind.EXCLUSION_ORDER)
    assert chair.send(decide_url(running), {"text": "x", "kind": "by-mayor"}).status_code == 303


def test_a_reason_rests_on_an_explanation_only_once_its_partner_agreed(running, chair):
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    sheet = live_url(running, running.item)
    seat = {"seat": str(running.police_seat.id)}
    assert chair.fill(sheet, seat, action="/oral-marks").status_code == 303
    (mark,) = every(OralMark)
    resting = {"text": "Zo besloten", "kind": "agreement", "oral_mark": str(mark.id)}
    refused = chair.send(decide_url(running), resting)
    assert refused.status_code == 422
    assert "nog niet gezegd" in refused.text
    assert "Zo besloten" in refused.text
    assert chair.fill(sheet, action="/agreement").status_code == 303
    mark = stored(OralMark, mark.id)
    assert (mark.agreed_by_id, mark.agreement_recorded_by_id) == (
        running.police.id,
        running.chair.id,
    )
    (line,) = [one for one in every(AuditEvent) if one.on_behalf_of_id == running.police.id]
    assert (line.object_kind, line.object_id) == ("oral-mark", mark.id)
    assert chair.send(f"/oral-marks/{mark.id}/agreement").status_code == 422
    assert chair.send(decide_url(running), resting).status_code == 303
    assert every(Decision)[0].oral_mark_id == mark.id


def test_a_safe_text_by_form_is_looked_at_too(running, chair):
    sheet = live_url(running, running.item)
    told = new_action(running, safe="Bel Kanarienaam")
    refused = chair.send(act_url(running), told)
    assert refused.status_code == 422
    assert "staat nog iets uit de casus" in refused.text
    assert "Bel Kanarienaam" in refused.text, "what was typed is kept"
    assert not every(Action)
    assert chair.fill(sheet, new_action(running), action="/actions").status_code == 303
    there = f"/actions/{every(Action)[0].id}/words"
    changed = chair.fill(there, {"safe": "Bel Kanarienaam"})
    assert changed.status_code == 422
    assert chair.fill(there, {"safe": "Bel morgen"}).status_code == 303
    assert safe_of(every(Action)[0]) == "Bel morgen"


def test_agreement_is_taken_down_for_somebody_who_sits_there(running, chair, new_client):
    nobody = builders.seat(running.item, running.host, None)
    mark = uuid.uuid4()
    with transaction() as session:
        session.add(
            OralMark(
                id=mark, item_id=running.item.id, seat_id=nobody.id,
                recorded_by_id=running.chair.id, recorded_at=clock.now(),
            )
        )  # fmt: skip
    assert chair.send(f"/oral-marks/{mark}/agreement").status_code == 422
    visitor = new_client().sign_in(running.police.id)
    assert visitor.send(f"/oral-marks/{mark}/agreement").status_code == 404
    assert visitor.send(f"/oral-marks/{uuid.uuid4()}/agreement").status_code == 404


def test_a_note_by_form_is_for_staff_unless_chosen(running, chair):
    sheet = live_url(running, running.item)
    assert chair.fill(sheet, {"note": "Alleen wij"}, action="/notes").status_code == 303
    assert not every(NoteReader)
    there = f"/meetings/{running.meeting.id}/items/{running.item.id}/notes"
    chosen = {"note": "Samen", "readers": str(running.care_seat.id)}
    assert chair.send(there, chosen).status_code == 303
    assert [one.seat_id for one in every(NoteReader)] == [running.care_seat.id]
    other = {"note": "Elders", "readers": str(running.second_care_seat.id)}
    assert chair.send(there, other).status_code == 422
    empty = chair.send(there, {"note": " "})
    assert empty.status_code == 422
    assert len(every(Note)) == 2


def test_saving_costs_the_same_however_much_there_is(running, chair):
    chair.page(live_url(running, running.item))
    key = {"submit_key": "een"}
    by_script(chair, url_of(running), "/a Eerst @pol", submit_key="nul")
    with counted() as small:
        by_script(chair, url_of(running), "/a Bel @pol >vr", **key)
    for number in range(6):
        of = builders.organisation(f"X{number}")
        builders.seat(running.item, of, builders.person(of))
        builders.action(running.item, of, None, running.chair, safe=f"A{number}")
    with counted() as large:
        by_script(chair, url_of(running), "/a Bel @pol >vr", submit_key="twee")
    assert len(large) == len(small)
    assert len(large) <= 22, "\n".join(large)


def test_the_reading_of_a_line_names_only_its_own_item(running):
    """The same code gives the chair's reading whatever another item holds."""
    actor = actor_of(running.chair)
    typed = capturing.Typed(line="/a Bel @ggz")
    first = capturing.read(actor, running.meeting.id, running.item.id, typed)
    second = capturing.read(actor, running.meeting.id, running.second_item.id, typed)
    assert first.captured.owners[0].seat_id == running.care_seat.id
    assert second.captured.owners[0].seat_id == running.second_care_seat.id
    assert stored(Person, running.care.id).name == first.captured.owners[0].person
