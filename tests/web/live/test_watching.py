"""Following a meeting from the own seats: what the page shows, and what asking again costs."""

import pytest

from app.access import conditions as c
from app.access import scopes
from app.access.records.new_cases import sealed_question
from app.access.records.notes import own_notes
from app.access.seats import watching
from app.domain.errors import NotVisible
from app.domain.kinds import PresenceState
from app.infra import clock
from app.infra.db import reading
from app.models import (
    AgendaItem,
    Case,
    Covenant,
    Decision,
    Disclosure,
    Meeting,
    Note,
    OralMark,
    Seat,
    Section,
    WebSession,
)
from tests import builders
from tests.live import change, stored
from tests.seats import actor_of, all_of, forget_acceptance, later, recorded


@pytest.fixture
def care(running, new_client):
    return new_client().sign_in(running.care.id)


@pytest.fixture
def police(running, new_client):
    return new_client().sign_in(running.police.id)


def live(world) -> str:
    return f"/my-meetings/{world.meeting.id}/live"


def poll(client, world, tag: str = ""):
    return client.get(f"{live(world)}/state", headers={"If-None-Match": tag} if tag else {})


def tag_of(client, world) -> str:
    return poll(client, world).headers["ETag"]


def take_up(item, **more) -> None:
    change(AgendaItem, item.id, opened_at=clock.now(), **more)


def states(page) -> list[str]:
    return [given["data-say"] for _tag, given in page.tags if "data-say" in given]


def test_the_own_items_wait_are_on_the_table_and_were_discussed(care, police, running):
    assert states(care.page(live(running))) == ["Bespreking 1: wacht.", "Bespreking 2: wacht."]
    take_up(running.item)
    assert states(care.page(live(running))) == ["Bespreking 1: nu aan tafel.", "Bespreking 2: wacht."]  # fmt: skip
    take_up(running.item, closed_at=clock.now())
    take_up(running.second_item)
    assert states(care.page(live(running))) == ["Bespreking 1: besproken.", "Bespreking 2: nu aan tafel."]  # fmt: skip
    page = police.page(live(running))
    assert states(page) == ["Bespreking 1: besproken."], "nothing of the item one is not at"
    assert running.second_case.reference not in page.html
    assert "Acuut gevaar?" in page.text


def test_sections_come_with_the_item_where_the_meeting_opens_them_so(police, running):
    change(Meeting, running.meeting.id, opens_with_item=True)
    change(Seat, running.police_seat.id, presence=PresenceState.PRESENT)
    assert "Kanarieaanleiding" not in police.page(live(running)).html
    before = tag_of(police, running)
    take_up(running.item)
    assert poll(police, running, before).status_code == 200
    page = police.page(live(running))
    assert "Kanarieaanleiding" in page.text
    assert running.case.reference in page.text
    assert "Kanarienaam" not in page.html


def test_decisions_and_notes_come_to_whom_they_are_for(care, police, running):
    take_up(running.item)
    builders.decision(running.item, running.chair, "Kanariebesluit", to=[running.police_seat])
    builders.note(running.item, running.chair, "Kanarienotitie", to=[running.police_seat])
    builders.note(running.item, running.chair, "Kanariestaf")
    page = police.page(live(running))
    assert "Kanariebesluit" in page.text
    assert "Kanarienotitie" in page.text
    assert "Kanariestaf" not in page.html
    assert states(page) == ["Bespreking 1: nu aan tafel. Afspraken voor u: 1. Notities voor u: 1."]
    assert recorded(running.police, "note", "read") == 1
    assert "Kanarieb" not in care.page(live(running)).html
    assert "Kanarienot" not in care.page(live(running)).html
    later(days=40)
    assert "Kanarienotitie" not in police.sign_in(running.police.id).page(live(running)).html


def test_asking_again_answers_304_in_two_statements_and_opens_nothing(
    police, running, count_statements
):
    take_up(running.item)
    tag = tag_of(police, running)
    builders.note(running.item, running.chair, "Voor een ander", to=[running.care_seat])
    for number in range(6):
        builders.decision(running.item, running.chair, f"Besluit {number}", to=[running.care_seat])
    with count_statements() as sent:
        answer = poll(police, running, tag)
    assert answer.status_code == 304
    assert answer.data == b""
    assert len(sent) <= 2, sent
    assert recorded(running.police, "section", "read") == 0


# What happens, and to whom of the two it is visible.
STEPS = [
    ("a decision for the police", {"police"}, lambda w: builders.decision(w.item, w.chair, to=[w.police_seat])),
    ("a decision for care", {"care"}, lambda w: builders.decision(w.item, w.chair, to=[w.care_seat])),
    ("a decision for nobody", set(), lambda w: builders.decision(w.item, w.chair)),
    ("a note for the police", {"police"}, lambda w: builders.note(w.item, w.chair, to=[w.police_seat])),
    ("a note for staff", set(), lambda w: builders.note(w.item, w.chair)),
    ("an explanation of care", {"care"}, lambda w: builders.oral_mark(w.care_seat, w.chair)),
    ("the question of both", {"police", "care"}, lambda w: change(
        Case, w.case.id, question_ct=sealed_question(w.case.id, "Anders?"))),
    ("the other question", {"care"}, lambda w: change(
        Case, w.second_case.id, question_ct=sealed_question(w.second_case.id, "Anders?"))),
    ("the other item", {"care"}, lambda w: take_up(w.second_item)),
    ("the item of both", {"police", "care"}, lambda w: take_up(w.item, closed_at=clock.now())),
    ("somebody's presence", set(), lambda w: change(Seat, w.care_seat.id, presence=PresenceState.PRESENT)),
    ("a section given to care", {"care"}, lambda w: builders.disclosure(w.care_seat, w.sections["safety"], w.chair)),
    ("a section taken back", {"police"}, lambda w: change(Disclosure, w.disclosures["police-safety"].id, withdrawn_at=clock.now())),
    ("a fixed block", set(), lambda w: take_up(w.opening)),
    ("the end, of which items of others would tell", set(), lambda w: change(Meeting, w.meeting.id, closed_at=clock.now())),
]  # fmt: skip


def test_the_tag_changes_with_the_own_part_and_with_nothing_else(care, police, running):
    take_up(running.item)
    watchers = {"care": care, "police": police}
    tags = {who: tag_of(client, running) for who, client in watchers.items()}
    assert tags["care"] != tags["police"]
    for what, seen_by, happen in STEPS:
        happen(running)
        now = {who: tag_of(client, running) for who, client in watchers.items()}
        assert {who for who in now if now[who] != tags[who]} == seen_by, what
        tags = now


def test_the_page_tells_the_end_of_the_own_items_not_of_the_meeting(care, police, running):
    take_up(running.item, closed_at=clock.now())
    assert "Wat u aan tafel had, is besproken." in police.page(live(running)).text
    change(Meeting, running.meeting.id, closed_at=clock.now())
    followed_on = care.page(live(running)).text
    assert "is besproken." not in followed_on
    assert "gesloten" not in followed_on


def test_asking_again_keeps_no_session_alive(police, running):
    police.page("/")
    later(minutes=14)
    for path in ("live/state", "live/again"):
        assert police.get(f"/my-meetings/{running.meeting.id}/{path}").status_code == 200
    later(minutes=2)
    answer = poll(police, running)
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]
    assert all_of(WebSession)[-1].last_seen_at < clock.now()
    police.sign_in(running.police.id)
    for _ in range(2):
        later(minutes=14)
        police.page(live(running))
    assert poll(police, running).status_code == 200, "opening the page is a sign of somebody"


def test_whoever_has_no_seat_here_finds_nothing(running, new_client):
    for who in (running.stranger, running.chair, running.police_colleague):
        client = new_client().sign_in(who.id)
        for path in ("", "/state", "/again"):
            assert client.get(live(running) + path).status_code == 404
    assert new_client().get(f"{live(running)}/state").status_code == 303


def test_nothing_comes_before_one_accepts(police, running):
    take_up(running.item)
    builders.decision(running.item, running.chair, "Kanariebesluit", to=[running.police_seat])
    forget_acceptance()
    page = police.page(live(running))
    assert "Kanarie" not in page.html
    assert "nog geen akkoord" in page.text
    assert states(page) == ["Bespreking 1: nu aan tafel."]


def test_no_answer_of_the_live_page_is_kept(police, running):
    for path in ("", "/state", "/again"):
        assert police.get(live(running) + path).headers["Cache-Control"] == "no-store"


def test_the_statements_of_the_live_page_do_not_grow(police, running, count_statements):
    take_up(running.item)
    police.page(live(running))
    with count_statements() as few:
        police.page(live(running))
    for number in range(6):
        builders.note(running.item, running.chair, f"Notitie {number}", to=[running.police_seat])
        builders.decision(running.item, running.chair, f"Besluit {number}", to=[running.police_seat])  # fmt: skip
        builders.oral_mark(running.police_seat, running.chair)
    with count_statements() as many:
        assert "Notitie 5" in police.page(live(running)).text
    assert max(len(few), len(many)) <= 12, many


def test_one_agrees_on_the_own_account_that_a_reason_rests_on_what_was_explained(
    care, police, running
):
    mark = builders.oral_mark(running.care_seat, running.chair)
    assert "Mondeling toegelicht" not in police.page(live(running)).text
    path = f"/my-explanations/{mark.id}"
    assert police.send(path, {"agree": "yes"}).status_code == 404
    assert care.fill(live(running), {}, action=path).status_code == 303
    agreed = stored(OralMark, mark.id)
    assert (agreed.agreed_at, agreed.agreed_by_id) == (clock.now(), running.care.id)
    assert recorded(running.care, "oral-mark", "authorisation-change") == 1
    assert care.fill(live(running), {}, action=path).status_code == 303, "and takes it back"
    assert stored(OralMark, mark.id).agreed_at is None
    care.send(path, {"agree": "yes"})
    builders.decision(running.item, running.chair, oral_mark_id=mark.id)
    assert care.send(path, {"agree": "no"}).status_code == 422, "a decision rests on it"
    change(Meeting, running.meeting.id, adopted_at=clock.now())
    assert care.send(path, {"agree": "no"}).status_code == 422
    assert path not in care.page(live(running)).html


def test_what_staff_took_down_is_confirmed_by_whoever_gave_it(care, running):
    mark = builders.oral_mark(
        running.care_seat, running.chair,
        agreed_at=clock.now(), agreed_by_id=running.care.id, agreement_recorded_by_id=running.chair.id,
    )  # fmt: skip
    assert "De voorzitter noteerde" in care.page(live(running)).text
    care.send(f"/my-explanations/{mark.id}", {"agree": "yes"})
    assert stored(OralMark, mark.id).agreement_recorded_by_id is None
    assert "De voorzitter noteerde" not in care.page(live(running)).text


def followed(session, actor, world) -> set:
    """What the one statement gives: each kind of row with its id."""
    try:
        rows = watching._rows(session, actor, world.meeting.id, clock.now())
    except NotVisible:
        return set()
    opened = {("open", row.id) for row in rows if row.kind == "slot" and row.flags & watching.OPEN}
    return {(row.kind, row.id) for row in rows} | opened


def allowed(session, actor, world) -> set:
    """The same by the statements every other page is made of, one after the other."""
    now, here = clock.now(), Meeting.id == world.meeting.id
    is_open = c.is_open_seat(actor, now)
    asked = {
        "slot": scopes.own_slots(actor, now=now).with_only_columns(Seat.id),
        "open": scopes.open_items(actor, now=now).with_only_columns(Seat.id),
        "decision": scopes.own_decisions(actor, now=now).with_only_columns(Decision.id),
        "note": own_notes(actor, now=now).where(is_open).with_only_columns(Note.id),
        "section": scopes.visible_sections(actor, now=now, meeting_id=world.meeting.id)
        .join(Disclosure, Disclosure.section_id == Section.id)
        .join(Seat, Seat.id == Disclosure.seat_id)
        .join(AgendaItem, AgendaItem.id == Seat.item_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Seat.organisation_id == actor.organisation_id, Disclosure.withdrawn_at.is_(None))
        .where(scopes.has_disclosing_seat(actor, now=now, meeting_id=world.meeting.id))
        .where(Section.section_type_id != world.types["identity"].id)
        .with_only_columns(Section.id),
    }
    found = {
        (kind, one) for kind, of in asked.items() for one in session.scalars(of.where(here))
    }  # fmt: skip
    return found if any(kind == "slot" for kind, _ in found) else set()


def end_covenant(world) -> None:
    of, at = world.police_organisation.id, world.table.id
    for one in all_of(Covenant, Covenant.organisation_id == of, Covenant.table_id == at):
        change(Covenant, one.id, until_at=clock.now())


MOMENTS = {
    "as it stands": lambda _w: None,
    "opened with the item": lambda w: change(Meeting, w.meeting.id, opens_with_item=True),
    "at the table": lambda w: change(Seat, w.police_seat.id, presence=PresenceState.PRESENT),
    "a covenant that ended": end_covenant,
    "an identity not answered": lambda w: builders.disclosure(w.care_seat, w.sections["identity"], w.chair)
    and change(Section, w.sections["identity"].id, words_version=9),
    "kept out": lambda w: builders.exclusion(w.police, w.case, w.chair),
    "stepped back": lambda w: builders.recusal(w.care, w.second_case),
    "after the window": lambda _w: later(days=60),
    "cancelled": lambda w: change(Meeting, w.meeting.id, cancelled_at=clock.now()),
}  # fmt: skip


def test_the_one_statement_gives_what_the_scopes_give(running):
    take_up(running.item)
    both = [running.police_seat, running.care_seat]
    builders.decision(running.item, running.chair, to=both)
    builders.note(running.item, running.chair, to=both)
    builders.note(running.second_item, running.chair, to=[running.second_care_seat])
    seen = set()
    for moment, happen in MOMENTS.items():
        happen(running)
        for who in (running.police, running.care, running.chair, running.police_colleague):
            actor = actor_of(who)
            with reading() as session:
                found = followed(session, actor, running)
                assert found == allowed(session, actor, running), f"{who.name}: {moment}"
            seen |= {kind for kind, _ in found}
    assert seen == {"slot", "open", "decision", "note", "section"}
