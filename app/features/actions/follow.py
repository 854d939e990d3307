"""What staff do with actions: note what was said by telephone, change term or holder, remind."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import access
from app.access import Actor, Permission, action_disclosures, audit
from app.access.records import actions
from app.domain.errors import Reason, Refusal
from app.domain.kinds import ActionState, Ground
from app.features.actions.service import Report, record, refuse_stale, write_state
from app.infra import clock, outbox
from app.infra.db import transaction
from app.models import ActionEvent

NOT_AGAIN_WITHIN = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A report by telephone: who said it and when."""

    report: Report
    said_by: uuid.UUID
    said_at: datetime


def note_spoken(actor: Actor, action_id: uuid.UUID, spoken: Spoken) -> None:
    """Record a state on behalf of the holder, who is asked to confirm it on the next visit."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        now = clock.now()
        if spoken.said_at > now:
            raise Refusal(Reason.SAID_IN_FUTURE, "said_on")
        speakers = actions.possible_speakers(session, loaded, now=now)
        if spoken.said_by not in [person.id for person in speakers]:
            raise Refusal(Reason.VALUE_UNKNOWN, "said_by")
        write_state(
            session,
            action,
            spoken.report,
            recorded_by=actor,
            said_by=spoken.said_by,
            said_at=spoken.said_at,
        )
        record(
            session,
            actor,
            loaded,
            event=audit.Event.CHANGE,
            ground=Ground.STAFF,
            on_behalf_of=spoken.said_by,
        )


def lapse(actor: Actor, action_id: uuid.UUID, *, reason: str, version: int) -> None:
    """An unfinished action no longer has to be done; its holder is told on the next visit."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        refuse_stale(action, version)
        if action.state not in actions.UNFINISHED:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        lapsed = Report(state=ActionState.LAPSED, remark=reason, version=version)
        write_state(session, action, lapsed, recorded_by=actor)
        record(session, actor, loaded, event=audit.Event.CHANGE, ground=Ground.STAFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new term and holder; ``person_id`` None leaves it to the whole organisation."""

    due_on: date
    organisation_id: uuid.UUID
    person_id: uuid.UUID | None
    version: int


def change(actor: Actor, action_id: uuid.UUID, wanted: Change) -> None:
    """Change the due date or the holder of an unfinished action."""
    with transaction() as session:
        loaded = access.load_staff_action(session, actor, action_id, Permission.ACTION_FOLLOW)
        action = actions.lock(session, loaded)
        refuse_stale(action, wanted.version)
        if action.state not in actions.UNFINISHED:
            raise Refusal(Reason.STATE_NOT_ALLOWED)
        is_new_date = wanted.due_on != action.due_on
        if is_new_date and wanted.due_on < clock.today():
            raise Refusal(Reason.DATE_IN_PAST, "due_on")
        was = (action.organisation_id, action.person_id)
        is_new_holder = (wanted.organisation_id, wanted.person_id) != was
        if is_new_holder:
            _refuse_unknown_holder(
                actions.possible_holders(session, loaded, now=clock.now()), wanted
            )
        if not is_new_date and not is_new_holder:
            return
        action.due_on = wanted.due_on
        if is_new_holder:
            # What one holder was allowed to read is not the next one's.
            action_disclosures.withdraw(session, action, now=clock.now())
        action.organisation_id, action.person_id = wanted.organisation_id, wanted.person_id
        session.add(
            ActionEvent(
                action_id=action.id,
                at=clock.now(),
                recorded_by_id=actor.person_id,
                new_due_on=wanted.due_on if is_new_date else None,
                new_organisation_id=wanted.organisation_id if is_new_holder else None,
                new_person_id=wanted.person_id if is_new_holder else None,
            )
        )
        record(session, actor, loaded, event=audit.Event.CHANGE, ground=Ground.STAFF)


def _refuse_unknown_holder(holders: Collection[actions.Holder], wanted: Change) -> None:
    organisations = {holder.organisation_id for holder in holders}
    people = {(holder.organisation_id, holder.person_id) for holder in holders}
    if wanted.organisation_id not in organisations:
        raise Refusal(Reason.VALUE_UNKNOWN, "holder")
    if wanted.person_id is not None and (wanted.organisation_id, wanted.person_id) not in people:
        raise Refusal(Reason.OWNER_NOT_OF_ORGANISATION, "holder")


@dataclass(frozen=True, slots=True)
class Reminded:
    """What came of it: actions reminded of, and those skipped for being too soon or alone."""

    sent: int
    skipped: int


def remind(
    actor: Actor, action_ids: Collection[uuid.UUID], *, again: Collection[uuid.UUID]
) -> Reminded:
    """Queue one mail per person for these actions; those of ``again`` even within 48 hours.

    A person who holds several of them gets one mail. Raises Refusal when nothing was chosen.
    """
    wanted = {*action_ids, *again}
    if not wanted:
        raise Refusal(Reason.VALUE_MISSING, "chosen")
    now = clock.now()
    with transaction() as session:
        due = [
            reminder
            for reminder in actions.reminders(session, actor, wanted, now=now)
            if reminder.action.id in again or not is_recent(reminder.action.reminded_at, now)
        ]
        per_person: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for reminder in due:
            per_person[reminder.person_id].append(reminder.action.id)
        for person_id, theirs in per_person.items():
            mail_id = uuid.uuid4()
            outbox.add(
                session,
                "actions.remind",
                unique_key=f"actions.remind:{mail_id}",
                payload={
                    "mail_id": mail_id,
                    "person_id": person_id,
                    "action_ids": ",".join(map(str, theirs)),
                },
            )
        reached = {reminder.action.id: reminder.action for reminder in due}
        session.add_all(
            ActionEvent(
                action_id=action_id, at=now, recorded_by_id=actor.person_id, is_reminder=True
            )
            for action_id in reached
        )
        actions.note_reminded(session, list(reached), now=now)
        audit.record_all(
            session,
            actor,
            [
                audit.Entry(
                    event=audit.Event.TRANSFER,
                    object_kind="action-reminder",
                    object_id=action.id,
                    ground=Ground.STAFF,
                    table_id=action.table_id,
                    item_id=action.item_id,
                    case_id=action.case_id,
                )
                for action in reached.values()
            ],
        )
    return Reminded(sent=len(reached), skipped=len(wanted) - len(reached))


def is_recent(reminded_at: datetime | None, now: datetime) -> bool:
    """Whether a new reminder would come within 48 hours of the last one."""
    return reminded_at is not None and now - reminded_at < NOT_AGAIN_WITHIN
