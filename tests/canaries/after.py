"""What an earlier discussion of the main case left to be done, and who was told that it is late."""

import uuid
from datetime import timedelta

from app.access.records import exports
from app.domain.kinds import (
    ActionState,
    ContactPart,
    ExportFormat,
    ExportKind,
    ExportPurpose,
    NoticeStep,
    RetentionClass,
)
from app.infra import clock, crypto
from app.infra.crypto import KeyScope
from app.models import (
    Action,
    ActionEvent,
    ActionNotice,
    Export,
    OrganisationContact,
    SavedView,
    TermRequest,
)
from tests import builders, surveys
from tests.canaries.world import STARTS, Canaries, word


def leave_undone(world: Canaries) -> None:
    """A month before: an action of the host with nobody named, for which more time is asked."""
    things, by = world.things, world.people["chair"]
    held_at = STARTS - timedelta(days=31)
    meeting = builders.meeting(
        things["table"], starts_at=held_at, started_at=held_at, closed_at=held_at,
        adopted_at=held_at,
    )  # fmt: skip
    item = builders.item(meeting, things["main"], closed_at=held_at)
    action_id = uuid.uuid4()
    scope = KeyScope.of_case(things["main"].id, RetentionClass.DECISIONS)
    sealed = {
        f"{part}_ct": crypto.seal(
            scope, word(f"before{part}"), belongs_to=f"action:{action_id}:{part}"
        )
        for part in ("safe", "full")
    }
    things["before"] = builders.save(
        Action(
            id=action_id, item_id=item.id, case_id=things["main"].id, table_id=things["table"].id,
            organisation_id=things["host"].id, due_on=(STARTS - timedelta(days=20)).date(),
            state=ActionState.OPEN, recorded_by_id=by.id, recorded_at=held_at, **sealed,
        )
    )  # fmt: skip
    # At another hour than the meeting's: the hour of a slot is looked for.
    at = held_at + timedelta(days=2, hours=-3, minutes=11)
    asked = builders.save(ActionEvent(action_id=action_id, at=at, recorded_by_id=by.id))
    builders.save(
        TermRequest(
            action_id=action_id, event_id=asked.id, asked_by_id=by.id, asked_at=asked.at,
            until_on=(STARTS + timedelta(days=20)).date(),
        )
    )  # fmt: skip
    world.know("meeting_id", meeting)
    world.know("item_id", item)


def chase(world: Canaries) -> None:
    """The contact of the source was told that an action of its seat holder is late.

    So was a deputy, who represents nobody any more and reads it no longer.
    """
    late = world.things["holder"]
    told = (
        ("told on the ladder", NoticeStep.CONTACT),
        ("former holder, no role", NoticeStep.DEPUTY),
    )
    for actor, step in told:
        builders.save(
            ActionNotice(
                action_id=late.id, person_id=world.people[actor].id, step=step,
                due_on=late.due_on,
                since=late.recorded_at, days=7, told_at=clock.now(), mail_id=uuid.uuid4(),
            )
        )  # fmt: skip


def have_copied(world: Canaries) -> None:
    """The coordinator has a copy of actions ready to fetch, and keeps a view of the board."""
    # The last of the actions: of those of the meeting everybody tries the own one first.
    world.know("action_id", world.things["before"])
    who, export_id, now = world.people["coordinator"], uuid.uuid4(), clock.now()
    kept = exports.as_text([world.things["before"].id], word("copied").encode())
    made = Export(
        id=export_id, person_id=who.id, kind=ExportKind.ACTIONS, as_file=ExportFormat.CSV,
        purpose=ExportPurpose.FOLLOW_UP, asked_at=now, rows=1, done=1, finished_at=now,
        expires_at=now + timedelta(days=1),
        file_ct=crypto.seal(
            KeyScope.of_export(export_id), kept, belongs_to=exports.binding_of(export_id)
        ),
    )  # fmt: skip
    world.know("export_id", builders.save(made))
    view = SavedView(person_id=who.id, query="overdue=y", kept_at=now)
    world.know("kept_id", builders.save(view))


def name_a_contact(world: Canaries) -> None:
    """Somebody hears of what the source leaves undone; its partners are asked five questions."""
    things, people = world.things, world.people
    named = OrganisationContact(
        organisation_id=things["source"].id, person_id=people["told on the ladder"].id,
        part=ContactPart.CONTACT, from_at=clock.now(),
    )  # fmt: skip
    world.know("contact_id", builders.save(named))
    asked = surveys.asked(things["table"], [people["seat holder"]], people["coordinator"])
    world.know("survey_id", asked)
