"""What is past its term is destroyed by two people: rows, keys, and what the files still hold."""

import json
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.access import audit, load_actor
from app.access.lifecycle import destruction, retention
from app.access.lifecycle.barred import forget
from app.access.oversight.readers import watched_lines
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import CaseState, RetentionClass, TermSubject
from app.domain.terms import Term
from app.features.emergency import service as emergency
from app.features.retention import execution, queries, service
from app.infra import clock, crypto, outbox
from app.infra.crypto import KeyScope, Sealed, TextDestroyedError
from app.infra.db import Base, db, reading, transaction
from app.infra.outbox import OutboxRow
from app.models import (
    Addendum,
    AuditEvent,
    BreakGlass,
    Case,
    Correction,
    EmergencyReason,
    EmergencyReview,
    Export,
    FormerBar,
    Invitation,
    InvitationItem,
    ItemQuestion,
    MinutesExtract,
    MinutesExtractPart,
    Note,
    ProjectedLine,
    Reply,
    RetentionRun,
    RoomScreen,
    SavedView,
    SeatHold,
    Task,
    TaskReason,
)
from tests import builders
from tests.documents import words_of

# Every word of the case, and what else says that it was there.
MARKS = (
    "Kanarienaam", "Kanarieaanleiding", "Kanarieveiligheid", "Kanariekinderen", "Kanarieinbreng",
    "Kanariegezondheid", "Kanariebesluit", "Kanarieactie", "Kanariereden", "Kanarievraag",
    "Kanarieantwoord", "Kanariebuur", "Kanarievervanger",
)  # fmt: skip


@pytest.fixture
def world(app):
    """The small world with everything at its first case that can hold a word, and that case closed."""
    made = builders.small_world(open_papers=True)
    case = made.case
    with transaction() as session:
        session.get_one(Case, case.id).imported_number = "IMP-77001"
    builders.section(case, made.types["input"], made.police_organisation, "Kanarieinbreng")
    builders.decision(made.item, made.chair, "Kanariebesluit", to=[made.police_seat])
    builders.action(
        made.item, made.police_organisation, made.police, made.chair, full="Kanarieactie"
    )
    builders.input_request(made.police_seat, made.coordinator)
    builders.exclusion(made.police_colleague, case, made.chair, reason="Kanariebuur")
    builders.recusal(made.stranger, case)
    builders.proposal(made.care_seat, case, "Kanarievervanger")
    entry = Invitation(
        meeting_id=made.meeting.id, person_id=made.police.id, uid="een@casustafel.test",
        starts_at=made.item.starts_at, ends_at=made.item.ends_at, changed_at=clock.now(),
    )  # fmt: skip
    builders.save(entry)
    builders.save(InvitationItem(invitation_id=entry.id, item_id=made.item.id))
    builders.reply(entry, made.table, "Kanarieantwoord")
    _grounds(made)
    _minuted(made)
    with transaction() as session:
        outbox.add(
            session, "notices.asked", unique_key="een", payload={"seat_ids": made.police_seat.id}
        )
    close(made)
    return made


def _grounds(world) -> None:
    sealed = crypto.seal(
        KeyScope.of_case(world.case.id, RetentionClass.SUMMARY), "Kanariereden", belongs_to="x"
    )
    span = {"from_at": clock.now(), "until_at": clock.now() + timedelta(minutes=15)}
    common = {"case_id": world.case.id, "table_id": world.table.id, **span}
    opened = builders.save(BreakGlass(person_id=world.chair.id, **common))
    given = builders.save(
        Task(
            person_id=world.care.id, organisation_id=world.care.organisation_id, kind="guest",
            granted_by_id=world.chair.id, granted_at=clock.now(), **common,
        )
    )  # fmt: skip
    builders.save_all(
        EmergencyReason(reading_id=opened.id, text_ct=sealed),
        EmergencyReview(reading_id=opened.id, text_ct=sealed),
        TaskReason(task_id=given.id, text_ct=sealed),
    )


def _minuted(world) -> None:
    """A note, a pushed line, a correction, an addition and a kept extract at the item."""
    scope = KeyScope.of_case(world.case.id, RetentionClass.DECISIONS)
    at = {"item_id": world.item.id, "case_id": world.case.id}
    sealed = crypto.seal(scope, "Kanarienotitie", belongs_to="x")
    by = {"recorded_by_id": world.chair.id, "recorded_at": clock.now()}
    said = {"person_id": world.police.id, "organisation_id": world.police.organisation_id}
    kept = builders.save(
        MinutesExtract(
            meeting_id=world.meeting.id, person_id=world.police.id, version=1, sha256="0" * 64, parts=1,
            made_at=clock.now(),
        )
    )  # fmt: skip
    pushed = {"pushed_by_id": world.chair.id, "pushed_at": clock.now()}
    builders.save_all(
        Note(**at, **by, text_ct=sealed),
        Addendum(**at, **by, text_ct=sealed),
        Correction(**at, **said, at=clock.now(), text_ct=sealed),
        ProjectedLine(**at, **pushed, meeting_id=world.meeting.id, text_ct=sealed),
        MinutesExtractPart(**at, extract_id=kept.id, canonical_ct=sealed),
        ItemQuestion(**at, at=clock.now(), question_ct=sealed),
        RoomScreen(meeting_id=world.meeting.id, item_id=world.item.id, changed_at=clock.now()),
    )


def close(world) -> None:
    with transaction() as session:
        case = session.get_one(Case, world.case.id)
        case.state, case.closed_at = CaseState.CLOSED, clock.now()


def actor_of(person):
    with reading() as session:
        return load_actor(session, person.id, now=clock.now())


def later(**step) -> None:
    clock._current.advance(timedelta(**step))


def _copied(world) -> None:
    """A copy made just now that may hold an action of the case, and a view of its household."""
    now, by = clock.now(), world.coordinator.id
    builders.save_all(
        SavedView(person_id=by, query=f"household={world.case.id}", kept_at=now),
        Export(
            person_id=by, kind="actions", as_file="csv", purpose="follow-up", asked_at=now,
            expires_at=now + timedelta(days=1), file_ct=b"x",
        ),
    )  # fmt: skip


def destroy(world) -> RetentionRun:
    """Prepared by the coordinator, confirmed by the chair, carried out by the worker."""
    run_id = service.prepare(actor_of(world.coordinator), world.table.id)
    service.confirm(actor_of(world.chair), run_id)
    while outbox.drain():
        pass
    with reading() as session:
        return session.get_one(RetentionRun, run_id)


def traces(world, settings, words) -> list[str]:
    """Where a word or an id of the case can still be read: files, rows, mail."""
    if db.engine.dialect.name == "sqlite":
        files = [
            *Path(settings.instance).glob("*.db*"),
            *(one for one in settings.mail_folder.iterdir()),
        ]
        held = {one.name: one.read_bytes() for one in files}
    else:
        with db.engine.connect() as connection:
            held = {
                table.name: repr([tuple(row) for row in connection.execute(sa.select(table))]).encode()
                for table in Base.metadata.sorted_tables
            }  # fmt: skip
    return [
        f"{word} in {name}" for name, raw in held.items() for word in words if word.encode() in raw
    ]


def test_after_the_last_term_nothing_of_the_case_is_left(world, settings, tmp_path):
    _try_in_vain(world)
    backup = _backup(tmp_path)
    [answer] = words_left()
    assert len(traces(world, settings, [world.case.reference, "IMP-77001"])) >= 2, (
        "the scan is blind"
    )
    later(days=200)
    first = destroy(world)
    counts = json.loads(first.counts)
    assert (counts["summary"], counts.get("decisions", 0), counts.get("cases", 0)) == (1, 0, 0)
    with reading() as session:
        case = session.get_one(Case, world.case.id)
        assert case.question_ct is None
    later(days=5 * 366)
    _copied(world)
    assert destroy(world).executed_at is not None
    with reading() as session:
        assert session.get(Case, world.case.id) is None
        assert not session.scalars(sa.select(SavedView)).all()
        assert session.scalars(sa.select(Export.file_ct)).all() == [None]
        names = set(session.scalars(sa.select(AuditEvent.object_kind)))
    assert {f"retention-{one.value}" for one in RetentionClass} <= names
    assert traces(world, settings, [*MARKS, world.case.reference, "IMP-77001"]) == []
    for scope in (*(KeyScope.of_case(world.case.id, one) for one in RetentionClass),
                  KeyScope.of_exclusions(world.case.id), KeyScope.of_reply(answer),
                  KeyScope.of_try(world.case.reference)):  # fmt: skip
        assert not crypto.store().destroy(scope), scope
    _backup_is_ciphertext(backup, world)


def _try_in_vain(world) -> None:
    """Somebody the case bars types its reference in an emergency: kept under a key of its own."""
    officer = builders.person(world.host, is_privacy_officer=True)
    builders.exclusion(officer, world.case, world.chair)
    with pytest.raises(Refusal, match=Reason.CASE_NOT_OPENED):
        emergency.open_case(actor_of(officer), world.case.reference, "Er is nu gevaar.")
    with reading() as session:
        refused = sa.select(AuditEvent).where(AuditEvent.event == audit.Event.EMERGENCY)
        [line] = session.scalars(refused)
    sealed = Sealed(line.sealed_reason, audit.reason_binding(line.object_kind, None))
    assert crypto.unseal(sealed) == world.case.reference


def _backup(folder: Path) -> Path | None:
    """What a nightly copy of the data holds; the keys are not in it."""
    if db.engine.dialect.name != "sqlite":
        return None
    target = folder / "backup.db"
    with sqlite3.connect(target) as copy:
        connection = db.engine.raw_connection()
        connection.backup(copy)
        connection.close()
    return target


def _backup_is_ciphertext(backup: Path | None, world) -> None:
    if backup is None:
        return
    raw = backup.read_bytes()
    assert not [word for word in MARKS if word.encode() in raw]
    with sqlite3.connect(backup) as copy:
        [[text]] = copy.execute("SELECT text_ct FROM section WHERE id = ?", (world.sections["safety"].id.hex,))  # fmt: skip
    with pytest.raises(TextDestroyedError):
        crypto.unseal(crypto.Sealed(text, f"section:{world.sections['safety'].id}:text"))


def test_two_people_are_needed_and_a_hold_keeps_everything(world):
    coordinator, chair = actor_of(world.coordinator), actor_of(world.chair)
    with pytest.raises(Refusal, match=Reason.NOTHING_DUE):
        service.prepare(coordinator, world.table.id)
    later(days=200)
    run_id = service.prepare(coordinator, world.table.id)
    with pytest.raises(Refusal, match=Reason.CONFIRM_BY_OTHER):
        service.confirm(coordinator, run_id)
    with pytest.raises(NotVisible):
        service.confirm(actor_of(world.stranger), run_id)
    with pytest.raises(NotVisible):
        service.confirm(actor_of(world.administrator), run_id)
    execution.execute(run_id)
    assert queries.run_page(chair, run_id).counts == {"summary": 1, "replies": 1}
    kept_out = builders.exclusion(world.chair, world.case, world.coordinator)
    with pytest.raises(NotVisible):  # a run of nothing would tell of a case that bars the reader
        queries.run_page(chair, run_id)
    assert not queries.overview(chair)[0].waiting
    with transaction() as session:
        session.delete(session.merge(kept_out))
    service.confirm(chair, run_id)
    # Somebody finds a reason to keep it between the press and the worker.
    service.place_hold(coordinator, world.case.id, "Procedure loopt")
    execution.execute(run_id)
    assert queries.run_page(chair, run_id).counts == {"left_out": 1}
    with reading() as session:
        assert session.get_one(Case, world.case.id).question_ct is not None
    with pytest.raises(Refusal, match=Reason.NOTHING_DUE):
        service.prepare(coordinator, world.table.id)
    assert queries.case_page(chair, world.case.id).reason == "Procedure loopt"
    with reading() as session:
        read = sa.select(AuditEvent.person_id).where(
            AuditEvent.object_kind == "legal-hold", AuditEvent.event == "read"
        )
        assert session.scalars(read).all() == [chair.person_id]
    service.lift_hold(chair, world.case.id)
    assert service.prepare(coordinator, world.table.id)


def test_an_interrupted_destruction_goes_on_where_it_was(world, monkeypatch):
    later(days=200)
    run_id = service.prepare(actor_of(world.coordinator), world.table.id)
    service.confirm(actor_of(world.chair), run_id)
    with monkeypatch.context() as patch:
        patch.setattr(execution, "scrub", _busy)
        outbox.drain()
    with reading() as session:
        run = session.get_one(RetentionRun, run_id)
        assert run.removed_at is not None
        assert run.executed_at is None
        assert session.scalars(
            sa.select(OutboxRow.reason).where(OutboxRow.kind == service.RUN)
        ).one()
    execution.execute(run_id)
    execution.execute(run_id)
    with reading() as session:
        assert session.get_one(RetentionRun, run_id).executed_at is not None
    events = sa.select(sa.func.count()).where(AuditEvent.object_kind == "retention-summary")
    with reading() as session:
        assert session.scalar(events) == 1


def _busy(_engine) -> None:
    raise execution.FileBusyError


def test_what_stays_of_a_destruction_names_nobody(world, client, app):
    later(days=200)
    run = destroy(world)
    people = (world.chair, world.coordinator, world.police)
    for who, number in ((world.chair, "1"), (world.administrator, "minder dan 5")):
        made = client.sign_in(who.id).get(f"/retention/{run.id}/statement")
        assert made.mimetype == "application/pdf"
        words = words_of(made.data)
        assert f"Casussen: samenvatting en inbreng {number}" in words
        assert "vervalt op 17-01-2027" in words  # 1 June, 200 days, 30 days
        assert not [
            one
            for one in (*MARKS, world.case.reference, *(who.name for who in people))
            if one in words
        ]
    shown = app.test_cli_runner().invoke(args=["retention", "plan"])
    assert "fewer than 5 cases held" in shown.output
    assert world.case.reference not in shown.output


def test_the_command_carries_out_what_was_confirmed(world, app):
    later(days=200)
    run_id = service.prepare(actor_of(world.coordinator), world.table.id)
    run = app.test_cli_runner()
    assert "fewer than 5 past the term" in run.invoke(args=["retention", "plan"]).output
    assert "waits for a second person" in run.invoke(args=["retention", "plan"]).output
    assert "Nothing was confirmed" in run.invoke(args=["retention", "run"]).output
    service.confirm(actor_of(world.chair), run_id)
    assert "1 carried out" in run.invoke(args=["retention", "run"]).output
    with reading() as session:
        assert session.get_one(Case, world.case.id).question_ct is None


# What each ciphertext goes with. A column that is added stands here, or the test below says so.
GOES_WITH = {
    "requester.name_ct": "the case", "review_remark.text_ct": "the case",
    "source_view.reason_ct": "the case",
    "action.full_ct": "decisions", "action.safe_ct": "decisions",
    "action_event.remark_ct": "decisions", "emergency_reason.text_ct": "summary",
    "emergency_review.text_ct": "summary", "bystander.name_ct": "summary",
    "bystander.reason_ct": "summary", "case.question_ct": "summary",
    "item_question.question_ct": "summary",
    "decision.dissent_ct": "decisions", "decision.text_ct": "decisions",
    "draft.fields_ct": "after a day", "exclusion_reason.text_ct": "the case",
    "legal_hold_reason.text_ct": "the case", "person.totp_ct": "the account",
    "person_concerned.label_ct": "summary", "person_concerned.relation_ct": "summary",
    "reply.text_ct": "summary", "seat_proposal.name_ct": "summary",
    "addendum.text_ct": "decisions", "correction.answer_ct": "decisions",
    "correction.text_ct": "decisions", "minutes_extract_part.canonical_ct": "decisions",
    "export.file_ct": "after a day",
    "note.text_ct": "decisions", "print_sheet.words_ct": "after an hour",
    "projected_line.text_ct": "decisions",
    "identity_provider.client_secret_ct": "another secret, or the sign-in page",
    "sign_in_ceremony.secret_ct": "after a day",
    "handover.answer_ct": "summary", "informing.reason_ct": "summary",
    "new_fact.answer_ct": "decisions", "new_fact.source_ct": "decisions",
    "new_fact.what_ct": "decisions", "referral.draft_ct": "once it is sent",
    "referral.late_ct": "summary", "referral.outcome_ct": "summary",
    "referral_question.answer_ct": "summary", "referral_question.text_ct": "summary",
    "section.text_ct": "its own class", "task_reason.text_ct": "summary",
}  # fmt: skip
# Kept in spite of a reference to a case or something of it; each says why.
STAYS = {
    "audit_event": "five years, without content",
    "former_bar": "as long as the log, by keyed hash: what it keeps stays shut to whom a case barred",
    "reply": "an answer to a meeting; its words are emptied",
    "room_screen": "of a meeting: it forgets which item it showed",
}


def test_every_text_goes_with_something():
    held = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_ct")
    }
    assert held == set(GOES_WITH)


def test_every_table_that_hangs_from_a_case_is_reached():
    reached = destruction.reached_from_case()
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(
            column.name in {"case_id", "item_id", "seat_id", "section_id"}
            for column in table.columns
        )
    }
    assert named - reached - set(STAYS) == {"retention_part"}
    assert not reached & {"person", "meeting", "case_table", "organisation"}


def test_terms_hold_once_the_chair_agrees(world):
    wanted = {**retention.DEFAULTS, TermSubject.KEEP_SUMMARY: Term(3)}
    administrator = actor_of(world.administrator)
    for faulty, reason in (
        ({TermSubject.KEEP_IDENTITY: Term(11)}, Reason.TERM_IDENTITY),
        ({TermSubject.KEEP_DECISIONS: Term(5)}, Reason.TERM_ORDER),
        ({TermSubject.KEEP_SUMMARY: Term(0)}, Reason.TERM_OUT_OF_RANGE),
    ):
        with pytest.raises(Refusal, match=reason):
            service.propose_terms(administrator, world.table.id, {**retention.DEFAULTS, **faulty})
    assert service.propose_terms(administrator, world.table.id, wanted) == 1
    later(days=100)
    with pytest.raises(Refusal, match=Reason.NOTHING_DUE):
        service.prepare(actor_of(world.coordinator), world.table.id)
    with pytest.raises(NotVisible):
        service.decide_terms(actor_of(world.coordinator), world.table.id, approve=True)
    service.decide_terms(actor_of(world.chair), world.table.id, approve=True)
    assert service.prepare(actor_of(world.coordinator), world.table.id)


def test_the_administrator_and_the_privacy_officer_see_numbers_alone(world, client):
    later(days=200)
    officer = builders.person(world.host, is_privacy_officer=True)
    for who, path in ((officer, "/retention"), (world.administrator, "/admin/retention")):
        page = client.sign_in(who.id).page(path)
        assert ("1 casus" in page.text) == (who is officer)
        assert world.case.reference not in page.html
        assert str(world.case.id) not in page.html
    assert client.sign_in(world.police.id).get("/retention").status_code == 404


def test_numbers_for_the_office_never_tell_of_one_case_nor_of_one_more(world):
    """Security.md G17: nothing under five is told, and no two answers differ by less."""
    later(days=200)
    told = set()
    for _ in range(6):
        [keeping] = [one for one in queries.office(actor_of(world.administrator))
                     if one.table_id == world.table.id]  # fmt: skip
        told.add(keeping.counts.get("summary", 0))
        assert keeping.next_on is None
        builders.ended_case(world.table, world.host)
    assert told == {0, 5}


def test_whom_a_case_bars_counts_without_it_before_and_after_it_is_destroyed(world):
    officer = builders.person(world.host, is_privacy_officer=True)
    later(days=200)
    other = builders.ended_case(world.table, world.host)
    builders.exclusion(officer, world.case, world.coordinator)
    builders.exclusion(world.chair, other, world.coordinator)
    run_id = service.prepare(actor_of(world.coordinator), world.table.id)

    def counted(who):
        actor = actor_of(who)
        shown = queries.run_page(actor, run_id).counts
        [keeping] = [one for one in queries.overview(actor) if one.table_id == world.table.id]
        assert [one.id for one in (*keeping.waiting, *keeping.done)] == [run_id]
        return shown.get("summary", 0), keeping.counts.get("summary", 0)

    assert (counted(officer), counted(world.coordinator)) == ((1, 1), (2, 2))
    # What the second person may not know of waits for somebody else.
    service.confirm(actor_of(world.chair), run_id)
    builders.exclusion(world.chair, world.case, world.coordinator)
    execution.execute(run_id)
    assert counted(world.coordinator) == (1, 1)
    for who in (officer, world.chair):
        with pytest.raises(NotVisible):
            queries.run_page(actor_of(who), run_id)
    with reading() as session:
        stored = session.get_one(RetentionRun, run_id).counts
    assert not [one for one in (officer, world.chair) if str(one.id) in stored]


def test_words_by_mail_go_with_their_case_and_no_others(world):
    entry = Invitation(
        meeting_id=world.meeting.id, person_id=world.care.id, uid="twee@casustafel.test",
        starts_at=world.second_item.starts_at, ends_at=world.second_item.ends_at,
        changed_at=clock.now(),
    )  # fmt: skip
    builders.save(entry)
    builders.save(InvitationItem(invitation_id=entry.id, item_id=world.second_item.id))
    other = builders.reply(entry, world.table, "Over een andere casus")
    with transaction() as session:
        session.execute(
            sa.delete(SeatHold).where(
                SeatHold.seat_id == world.care_seat.id, SeatHold.person_id == world.care.id
            )
        )
    later(days=184)  # past the term of the summary, not yet six months after the meeting
    destroy(world)
    assert words_left() == {other.id}
    assert crypto.unseal(sealed_words(other)) == "Over een andere casus"
    later(days=20)
    run_id = service.prepare(actor_of(world.coordinator), world.table.id)
    assert queries.run_page(actor_of(world.chair), run_id).counts == {"replies": 1}
    service.confirm(actor_of(world.chair), run_id)
    builders.access_request(
        world.second_case, world.concerned, world.sections["reason"], world.coordinator
    )
    execution.execute(run_id)
    assert words_left() == {other.id}, "somebody asks what is kept of that case"


def test_the_log_of_a_case_that_is_gone_stays_shut_to_whom_it_barred(world):
    """The exclusion goes with the case: only a keyed hash tells that there was one."""
    officer = builders.person(world.host, is_privacy_officer=True)
    other = builders.person(world.host, is_privacy_officer=True)
    builders.exclusion(officer, world.case, world.coordinator)
    chair = actor_of(world.chair)
    with transaction() as session:
        read = audit.Entry(event=audit.Event.READ, object_kind="case", case_id=world.case.id)
        audit.record(session, chair, read)
    later(days=5 * 366)
    destroy(world)

    def lines(who) -> int:
        found = watched_lines(actor_of(who), now=clock.now())
        with reading() as session:
            return len(session.execute(found.where(AuditEvent.case_id == world.case.id)).all())

    assert (lines(officer), bool(lines(other))) == (0, True)
    with reading() as session:
        marks = session.scalars(sa.select(FormerBar.person_mark)).all()
        barred = {world.police_colleague, world.stranger, officer}
        assert len(marks) == len(barred)
        assert not [one for one in barred if str(one.id) in marks]
    with transaction() as session:
        session.execute(sa.update(FormerBar).values(case_id=uuid.uuid4()))
    with transaction() as session:
        forget(session)
        assert not session.scalars(sa.select(FormerBar)).all(), "goes with the last of the log"


def words_left() -> set:
    with reading() as session:
        return set(session.scalars(sa.select(Reply.id).where(Reply.text_ct.is_not(None))))


def sealed_words(reply) -> crypto.Sealed:
    with reading() as session:
        held = session.get_one(Reply, reply.id).text_ct
    return crypto.Sealed(held, f"reply:{reply.id}:text")


def test_the_pages_of_a_meeting_answer_after_its_case_is_gone(world, client):
    meeting, case = f"/meetings/{world.meeting.id}", f"/cases/{world.case.id}"
    for days, left in ((200, 200), (5 * 366, 404)):
        later(days=days)
        destroy(world)
        client.sign_in(world.chair.id)
        assert client.get(case).status_code == left
        for path in ("/", "/cases", meeting, f"{meeting}/participants", f"{meeting}/minutes"):
            assert client.get(path).status_code == 200, path
