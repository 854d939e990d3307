"""What the comparison of both walls needs besides the canaries: rows in every covered table."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from app.domain.kinds import (
    ContactPart,
    DecisionKind,
    ExportFormat,
    ExportKind,
    ExportPurpose,
    NoticeStep,
)
from app.infra import clock, crypto
from app.infra.db import transaction
from app.models import (
    AccessRequest,
    Action,
    ActionEvent,
    ActionNotice,
    ActionPause,
    ActionShown,
    Addendum,
    AddendumReader,
    BreakGlass,
    Case,
    Correction,
    Draft,
    EmergencyReview,
    Export,
    Invitation,
    ItemQuestion,
    LegalHold,
    LegalHoldReason,
    MinutesExtract,
    MinutesExtractPart,
    Note,
    NoteReader,
    OrganisationContact,
    PaperCopy,
    PrintRun,
    PrintSheet,
    ProjectedLine,
    Reply,
    ReviewRemark,
    SavedView,
    TaskSection,
    TermRequest,
)
from tests import builders, canaries
from tests.canaries import Canaries


def fill(world: Canaries) -> None:
    """A draft of everybody, answers by mail, and a case that has moved to the other table."""
    with builders.together():
        for who in world.people.values():
            sealed = crypto.seal(crypto.DRAFTS, "[]", belongs_to=f"draft:{who.id}")
            builders.save(
                Draft(person_id=who.id, form_key="/", fields_ct=sealed, expires_at=clock.now())
            )
            builders.save(
                Export(
                    person_id=who.id, kind=ExportKind.ACTIONS, as_file=ExportFormat.CSV,
                    purpose=ExportPurpose.FOLLOW_UP, asked_at=clock.now(), expires_at=clock.now(),
                )
            )  # fmt: skip
            builders.save(SavedView(person_id=who.id, query="state=done", kept_at=clock.now()))
        things, people = world.things, world.people
        # What its source forbids to pass on by now, named in a handover before.
        kept = builders.section(
            things["main"], things["types"]["reason"], things["source"], no_passing_on=True
        )
        offered = things["tasks"]["receiving team"]
        builders.save(TaskSection(task_id=offered.id, section_id=kept.id))
        moved = builders.case(things["other"], things["host"])
        before = builders.item(things["meeting"], moved, after=things["second_item"])
        seat = builders.seat(before, things["source"], people["seat holder"])
        builders.decision(before, people["chair"], to=[seat])
        builders.decision(things["item"], people["chair"], kind=DecisionKind.SAFETY_AGREEMENT)
        builders.decision(before, people["chair"], deleted_at=clock.now())
        section = builders.section(moved, things["other_types"]["reason"], things["source"])
        builders.disclosure(seat, section, people["chair"])
        officer = people["privacy officer"]
        builders.exclusion(officer, things["second"], people["chair"], reason="x")
        about = (things["second"], builders.concerned(things["second"]))
        what = things["sections"]["secondreason"]
        builders.access_request(*about, what, people["coordinator"], reviewer=officer)
        builders.save(LegalHoldReason(hold_id=_hold(things["main"], people).id, text_ct=b"x"))
        _minuted(world)
        _followed(world)
        lifted = _hold(moved, people, lifted_at=clock.now())
        builders.save(LegalHoldReason(hold_id=lifted.id, text_ct=b"x"))
    with transaction() as session:
        for one in session.scalars(select(BreakGlass)).all():
            session.add(EmergencyReview(reading_id=one.id, text_ct=b"x"))
        for asked in session.scalars(select(AccessRequest)).all():
            session.add(ReviewRemark(request_id=asked.id, text_ct=b"x"))
            asked.closed_at = clock.now() if asked.approved else None
        for entry in session.scalars(select(Invitation)).all():
            session.add(
                Reply(
                    key_hash=uuid.uuid4().hex, received_at=clock.now(), said_at=clock.now(),
                    state="held", uid=entry.uid, table_id=things["table"].id,
                    meeting_id=entry.meeting_id, invitation_id=entry.id,
                    person_id=entry.person_id, participation="declined",
                )
            )  # fmt: skip


def _followed(world: Canaries) -> None:
    """Actions from an item before, one of them told of on the ladder, one of a hidden partner."""
    things, people = world.things, world.people
    before = builders.item(things["meeting"], things["main"], after=things["second_item"])
    then = {"recorded_at": builders.LONG_AGO}
    of_care = builders.action(before, things["care"], None, people["chair"], **then)
    late = builders.action(before, things["source"], people["seat holder"], people["chair"], **then)
    builders.seat(before, things["host"], None, is_staff_only=True)
    of_host = builders.action(before, things["host"], None, people["chair"], **then)
    for one in (of_care, late, of_host):
        _asked(one, people["seat holder"])
    _agreed(world, of_care, late, of_host)
    ended = {"from_at": clock.now() - timedelta(days=9), "until_at": clock.now()}
    for who, more in (("told on the ladder", {"from_at": clock.now()}), ("colleague", ended)):
        builders.save(
            OrganisationContact(
                organisation_id=things["source"].id, table_id=things["table"].id,
                person_id=people[who].id, part=ContactPart.CONTACT, **more,
            )
        )  # fmt: skip
    for who, step in (
        ("told on the ladder", NoticeStep.CONTACT),
        ("colleague", NoticeStep.CONTACT),
        ("representative", NoticeStep.AFTER),
        ("former holder", NoticeStep.DEPUTY),
        ("former holder, no role", NoticeStep.DEPUTY),
    ):
        builders.save(
            ActionNotice(
                action_id=late.id, person_id=people[who].id, step=step, due_on=late.due_on,
                since=late.recorded_at, days=7,
                told_at=clock.now(), mail_id=uuid.uuid4(),
            )
        )  # fmt: skip
    for who in ("privacy officer", "partner fg"):
        _named_before(things, people[who], people["chair"])


def _agreed(world: Canaries, of_care: Action, late: Action, of_host: Action) -> None:
    """One is shown in the window and was taken back before; one before anybody sat there; one hidden."""
    things, chair = world.things, world.people["chair"]
    elsewhere = builders.item(builders.published(things["other"]), things["main"])
    for action, at, item, more in (
        (of_care, canaries.OPENS, things["item"], {}),
        (of_care, canaries.OPENS, things["item"], {"withdrawn_at": clock.now()}),
        (of_care, canaries.OPENS, elsewhere, {}),
        (late, builders.LONG_AGO, things["item"], {}),
        (of_host, canaries.OPENS, things["item"], {}),
    ):
        builders.save(
            ActionShown(
                action_id=action.id, item_id=item.id, agreed_by_id=chair.id, agreed_at=at, **more
            )
        )  # fmt: skip


def _asked(action: Action, who) -> None:
    """Its holder asks for more time, and staff have it rest."""
    event = builders.save(ActionEvent(action_id=action.id, at=clock.now(), recorded_by_id=who.id))
    on = {"action_id": action.id, "event_id": event.id, "until_on": action.due_on}
    builders.save(TermRequest(**on, asked_by_id=who.id, asked_at=clock.now()))
    builders.save(ActionPause(**on, by_id=who.id, from_at=clock.now()))


def _named_before(things, who, chair) -> None:
    """Somebody who was named and told before taking an office on: no reader of actions by that."""
    of = things["host"] if who.organisation_id == things["host"].id else things["source"]
    told = builders.action(things["item"], of, None, chair)
    builders.save(
        OrganisationContact(
            organisation_id=of.id, person_id=who.id, part=ContactPart.CONTACT, from_at=clock.now()
        )
    )
    builders.save(
        ActionNotice(
            action_id=told.id, person_id=who.id, step=NoticeStep.CONTACT, due_on=told.due_on,
            since=told.recorded_at,
            days=7, told_at=clock.now(), mail_id=uuid.uuid4(),
        )
    )  # fmt: skip


def _minuted(world: Canaries) -> None:
    """At the item: a note, a pushed line, a correction, an addition, an extract and a print."""
    things, people = world.things, world.people
    item, case, chair, seat = (
        things["item"],
        things["main"],
        people["chair"],
        things["seats"]["seat holder"],
    )
    at = {"item_id": item.id, "case_id": case.id}
    by = {"recorded_by_id": chair.id, "recorded_at": clock.now()}
    note, added = Note(**at, **by, text_ct=b"x"), Addendum(**at, **by, text_ct=b"x")
    meeting_id = things["meeting"].id
    kept = MinutesExtract(
        meeting_id=meeting_id, person_id=people["seat holder"].id, version=7, sha256="0" * 64,
        parts=1, made_at=clock.now(),
    )  # fmt: skip
    run = PrintRun(
        meeting_id=meeting_id, asked_by_id=chair.id, asked_at=clock.now(), expires_at=clock.now()
    )
    copy = PaperCopy(
        meeting_id=meeting_id, seat_id=seat.id, person_id=people["seat holder"].id, number=7,
        made_by_id=chair.id, made_at=clock.now(),
    )  # fmt: skip
    for one in (note, added, kept, run, copy):
        builders.save(one)
    minuter = people["secretary"]
    builders.decision(item, minuter)
    builders.action(item, things["care"], None, minuter)
    builders.save(Note(**at, **by | {"recorded_by_id": minuter.id}, text_ct=b"x"))
    said = {"person_id": people["seat holder"].id, "organisation_id": things["source"].id}
    for one in (
        NoteReader(note_id=note.id, seat_id=seat.id),
        AddendumReader(addendum_id=added.id, seat_id=seat.id),
        MinutesExtractPart(extract_id=kept.id, **at, canonical_ct=b"x"),
        PrintSheet(run_id=run.id, copy_id=copy.id, words_ct=b"x"),
        ItemQuestion(**at, at=clock.now(), question_ct=b"x"),
        Correction(**at, **said, at=clock.now(), text_ct=b"x"),
        ProjectedLine(
            meeting_id=meeting_id, **at, pushed_by_id=chair.id, pushed_at=clock.now(), text_ct=b"x"
        ),
    ):
        builders.save(one)


def _hold(case: Case, people, **more) -> LegalHold:
    chair = people["chair"].id
    return builders.save(
        LegalHold(case_id=case.id, placed_by_id=chair, placed_at=clock.now(), **more)
    )
