"""What is written down while the meeting is held, closed and adopted, and what is printed."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.access import load_actor
from app.access.meetings import room_screen
from app.access.records import own_extract
from app.domain.kinds import (
    ActionState,
    CaseState,
    DecisionKind,
    PresenceState,
    RetentionClass,
)
from app.infra import clock, crypto
from app.infra.clock import FrozenClock
from app.infra.crypto import KeyScope
from app.infra.db import reading, transaction
from app.models import (
    Action,
    ActionEvent,
    AgendaItem,
    Case,
    Decision,
    DecisionAddressee,
    Meeting,
    PaperCopy,
    Person,
    Seat,
)
from tests import builders, minutes
from tests.canaries.world import ADOPTED, CLOSED, MOMENTS, STARTS, Canaries, word


def have_printed(world: Canaries) -> None:
    """The chair just had a copy made for the occupant of the main seat."""
    things, people = world.things, world.people
    seat, who = things["seats"]["seat holder"], people["seat holder"]
    run = builders.print_run(things["meeting"], seat, who, people["chair"], word("printed"))
    world.know("print_id", run)
    with reading() as session:
        world.ids["copy_id"] = list(session.scalars(select(PaperCopy.id)))


def have_called(world: Canaries) -> None:
    """A desk of the police was called about the main seat, and did not answer."""
    things = world.things
    desk = builders.contact(
        things["table"], things["source"], name=word("desk"), phone=word("deskphone")
    )
    seat = things["seats"]["seat holder"]
    things["desk"] = desk
    builders.call(things["meeting"], seat, desk, world.people["chair"])


def open_a_window(world: Canaries) -> None:
    """In the room, just now; it shows nothing before an item is on the table."""
    token = world.things["window token"] = "a window in the room"
    opened = builders.window(world.things["meeting"], world.people["chair"], token)
    world.things["window"] = world.know("window_id", opened)


def hold(world: Canaries) -> None:
    """The meeting goes on: its chair is ill, everybody is there, the main item is on the table."""
    things, people = world.things, world.people
    with transaction() as session:
        session.get_one(Meeting, things["meeting"].id).started_at = STARTS - timedelta(minutes=7)
        session.get_one(Case, things["main"].id).state = CaseState.IN_PROGRESS
        session.get_one(AgendaItem, things["item"].id).opened_at = STARTS
        for seat in things["seats"].values():
            session.get_one(Seat, seat.id).presence = PresenceState.PRESENT
        room_screen.show(session, things["meeting"].id, things["item"].id)
    builders.acting_chair(things["meeting"], people["coordinator"], people["chair"])


def write_down(world: Canaries) -> None:
    """Decisions, notes, an explanation aloud, a sentence on the screen, actions with remarks."""
    things, people = world.things, world.people
    item, chair, seats = things["item"], people["chair"], things["seats"]
    everybody, own = [*seats.values()], seats["seat holder"]
    taken = {"taken_by_seat_id": own.id, "dissent_seat_id": seats["not disclosed"].id}
    decide(world, "decision", everybody, **taken)
    decide(world, "otherdecision", [seats["staff only"]])
    world.know("line_id", builders.pushed(item, chair, word("pushed")))
    note = builders.note(item, chair, word("note"), to=[own])
    # One after the other: of those that stand folded a visitor opens the same ones every time.
    first, second = (clock.now() - timedelta(minutes=minutes) for minutes in (2, 1))
    for_staff = builders.note(item, chair, word("staffnote"), recorded_at=first)
    minuted = builders.note(item, people["secretary"], word("minuted"), recorded_at=second)
    world.know("note_id", note, for_staff, minuted)
    things["notes"] = {"note": note, "staffnote": for_staff}
    things["mark"] = world.know("mark_id", builders.oral_mark(own, chair))
    for name, actor in (
        ("holder", "seat holder"),
        ("deputy", "deputy"),
        ("owner", "action owner"),
        ("told", "told action owner"),
    ):
        act(world, name, people[actor])
    builders.action_disclosure(things["told"], people["told action owner"], chair)
    builders.acceptance(people["told action owner"], things["meeting"])


def close(world: Canaries) -> None:
    """The meeting is over; who was there may correct, and one did."""
    things = world.things
    with transaction() as session:
        meeting = session.get_one(Meeting, things["meeting"].id)
        meeting.closed_at, meeting.corrections_until_at = CLOSED, CLOSED + timedelta(days=2)
        item = session.get_one(AgendaItem, things["item"].id)
        item.closed_at = STARTS + timedelta(minutes=30)
        room_screen.blank(session, meeting.id)
    answer = word("answer") if world.clock == "E" else ""
    said = minutes.correction(
        things["item"], world.people["seat holder"], word("correction"), answer=answer
    )
    things["correction"] = world.know("correction_id", said)


def adopt(world: Canaries, frozen: FrozenClock) -> None:
    """What everybody gets of the meeting is fixed, and then added to for one seat."""
    things, people = world.things, world.people
    frozen.moment = ADOPTED
    with transaction() as session:
        for row in (
            session.get_one(AgendaItem, things["item"].id),
            session.get_one(AgendaItem, things["second_item"].id),
            session.get_one(Meeting, things["meeting"].id),
        ):
            row.adopted_at = ADOPTED
    fix(world, "seat holder", "deputy", "not disclosed")
    own = things["seats"]["seat holder"]
    minutes.addendum(things["item"], people["chair"], word("addition"), [own])
    fix(world, "seat holder")
    frozen.moment = MOMENTS["E"]


def fix(world: Canaries, *actors: str) -> None:
    """Keep what these get as it reads now, as the worker does."""
    for one in actors:
        with reading() as session:
            actor = load_actor(session, world.people[one].id, now=clock.now())
        assert own_extract.fix(actor, world.things["meeting"].id)


def decide(world: Canaries, name: str, to: list[Seat], **more: Any) -> None:
    main, item = world.things["main"], world.things["item"]
    scope = KeyScope.of_case(main.id, RetentionClass.DECISIONS)
    decision_id = uuid.uuid4()
    made = builders.save(
        Decision(
            id=decision_id, item_id=item.id, case_id=main.id, kind=DecisionKind.AGREEMENT,
            text_ct=crypto.seal(scope, word(name), belongs_to=f"decision:{decision_id}:text"),
            dissent_ct=crypto.seal(scope, word(f"{name}dissent"), belongs_to=f"decision:{decision_id}:dissent"),
            recorded_by_id=world.people["chair"].id, recorded_at=STARTS + timedelta(minutes=20),
            **more,
        )
    )  # fmt: skip
    builders.save_all(*(DecisionAddressee(decision_id=decision_id, seat_id=seat.id) for seat in to))
    world.know("decision_id", made)


def act(world: Canaries, name: str, who: Person) -> None:
    things = world.things
    scope = KeyScope.of_case(things["main"].id, RetentionClass.DECISIONS)
    action_id, event_id = uuid.uuid4(), uuid.uuid4()

    def sealed(text: str, belongs_to: str) -> bytes:
        return crypto.seal(scope, text, belongs_to=belongs_to)

    made = builders.save(
        Action(
            id=action_id, item_id=things["item"].id, case_id=things["main"].id,
            table_id=things["table"].id, organisation_id=who.organisation_id, person_id=who.id,
            safe_ct=sealed(word(f"safe{name}"), f"action:{action_id}:safe"),
            full_ct=sealed(word(f"full{name}"), f"action:{action_id}:full"),
            due_on=(CLOSED + timedelta(days=30)).date(), state=ActionState.OPEN,
            recorded_by_id=world.people["chair"].id, recorded_at=STARTS + timedelta(minutes=21),
        )
    )  # fmt: skip
    builders.save(
        ActionEvent(
            id=event_id, action_id=action_id, at=STARTS + timedelta(minutes=22), state=ActionState.STARTED,
            remark_ct=sealed(word(f"remark{name}"), f"action_event:{event_id}:remark"),
            recorded_by_id=who.id,
        )
    )  # fmt: skip
    things[name] = world.know("action_id", made)
