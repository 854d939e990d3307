"""Who may do what before, during and after a meeting, and with its minutes: the acts, and the table.

The letters of a cell are what goes through for that person at that clock, and nothing else does.
"""

import uuid
from datetime import timedelta

from app.access import Actor
from app.domain.capture import LineKind
from app.domain.kinds import CallOutcome, PresenceState
from app.domain.urgent import StartsIn, kinds_of
from app.features.live import (
    capturing,
    chairing,
    gate,
    mending,
    mending_decisions,
    notes,
    opening,
    putting_back,
    recording,
    timing,
)
from app.features.live import service as live
from app.features.meetings import carrying, opening_way
from app.features.minutes import correcting, previewing, settling
from app.features.minutes import service as minutes
from app.features.papers import service as papers
from app.features.projection import pushing, windows
from app.features.seats import watching
from app.features.urgent import calls, contacts
from app.features.urgent import service as urgent
from app.infra import clock
from app.infra.db import transaction
from app.models import Bystander, ItemApproval, Seat, SpokenAcceptance
from tests import builders
from tests.access.ground_acts import Act
from tests.access.table import ACTORS, rows
from tests.canaries import MOMENTS, Canaries

# h hands the chair over · t takes the chair · e ends that somebody acts · r calls the roll ·
# p notes at the worksheet who is there · v writes down what is accepted aloud · w takes that back ·
# i has sections open with their item · o opens the item · m gives it five minutes more · g notes who
# is there without a seat · f finishes the item · x closes the meeting · D A N O write down a decision,
# an action, a note, that somebody explained something · C types a line · E X change a decision and
# take it back · c d an action · W Y a note · B puts a note back · K takes back that somebody explained ·
# G notes that the partner agrees to that, S agrees as that partner · P puts a sentence on the screen ·
# q takes it away · k makes a code · l darkens the room · n ends a window · u notes a call · z adds a
# contact · j calls an urgent meeting · a puts on the next agenda what comes back · b leaves it out ·
# R corrects the minutes · T approves them · s settles a correction · M adopts what everybody approved
# (the other item) · y adds to adopted minutes · H ticks that an extract was checked · L prints ·
# Q ticks that a copy came back · - nothing
BEFORE = """
chair                 hterpvwiklnuzjQ   hterpvwiklnuzjLQ  hterpvwiklnuzjLQ  hterpvwiklnuzjLQ
coordinator           terpvwiklnuzjQ    terpvwiklnuzjLQ   terpvwiklnuzjLQ   terpvwiklnuzjLQ
excluded coordinator  teiklnzj          teiklnzj          teiklnzj          teiklnzj
"""

# L while it is held, the main item on the table · D closed, corrections may be made · E adopted.
SINCE = """
seat holder           S                                     SRT                          -
deputy                -                                     RT                           -
not disclosed         -                                     RT                           -
asked for input       -                                     RT                           -
staff only            -                                     RT                           -
secretary             DANOC                                 DANOC                        -
chair                 hterpvwomgfxDANOCEXcdWYBKGPqklnuzjLQ  hteDANOCEXcdWYBKGqnzjabsMHQ  eqnzjabyHLQ
coordinator           terpvwomgfxDANOCEXcdWYBKGPqklnuzjLQ   teDANOCEXcdWYBKGqnzjabsMHQ   eqnzjabyHLQ
excluded coordinator  txklnzj                               tnzjM                        nzj
"""
LIVE_CLOCKS = "ABbCLDE"
_BEFORE, _SINCE = rows(BEFORE, "ABbC"), rows(SINCE, "LDE")
EXPECTED_LIVE = {actor: _BEFORE[actor] | _SINCE[actor] for actor in ACTORS}


def shown_to(w: Canaries, by: Actor) -> str:
    """What the preview of the main seat carries for whoever may read it."""
    return previewing.preview(by, of(w, "meeting"), main_seat(w)).shown


def prepare(world: Canaries) -> None:
    """What these acts are done to, beside what every world holds."""
    things, people = world.things, world.people
    things["next"] = builders.meeting(
        things["table"], starts_at=MOMENTS["E"] + timedelta(days=10, hours=3)
    )
    by = people["chair"].id
    aloud = SpokenAcceptance(
        meeting_id=things["meeting"].id, person_id=people["not disclosed"].id, at=clock.now(),
        recorded_by_id=by, text_version=1,
    )  # fmt: skip
    builders.save(aloud)
    if "notes" in things:
        gone = builders.note(things["item"], people["chair"], deleted_at=clock.now())
        things["gone note"] = gone
    with transaction() as session:
        # The gate is open; whoever is at the other item approved of its minutes.
        waiting = session.get_one(Bystander, world.ids["bystander_id"][0])
        waiting.settled_at, waiting.settled_by_id, waiting.is_admitted = clock.now(), by, False
        session.get_one(Seat, things["elsewhere"].id).presence = PresenceState.PRESENT
        session.add(
            ItemApproval(
                item_id=things["second_item"].id, person_id=people["seated elsewhere"].id,
                at=clock.now(),
            )
        )  # fmt: skip


def of(world: Canaries, name: str) -> uuid.UUID:
    """The id of something of the world, of nothing at all where it is not there yet."""
    found = world.things.get(name)
    return found.id if found is not None else uuid.UUID(int=1)


def first(world: Canaries, kind: str) -> uuid.UUID:
    return next(iter(world.ids.get(kind, ())), uuid.UUID(int=1))


def main_seat(world: Canaries) -> uuid.UUID:
    return world.things["seats"]["seat holder"].id


def give_chair(world: Canaries, by: Actor, *, to: str) -> object:
    until = (clock.now() + timedelta(days=2)).date()
    return chairing.hand_over(by, of(world, "meeting"), world.people[to].id, day=until, at=None)


def somebody_else(world: Canaries, by: Actor) -> str:
    """A member of the staff who is not the actor."""
    is_coordinator = by.person_id == world.people["coordinator"].id
    return "excluded coordinator" if is_coordinator else "coordinator"


def take_chair(world: Canaries, by: Actor) -> object:
    until = (clock.now() + timedelta(days=2)).date()
    return chairing.hand_over(by, of(world, "meeting"), by.person_id, day=until, at=None)


def an_action(world: Canaries) -> recording.NewAction:
    due = clock.today() + timedelta(days=7)
    return recording.NewAction(seat_id=main_seat(world), due_on=due, safe="Bel terug", full="")


def a_line(world: Canaries, by: Actor) -> object:
    typed = capturing.Typed(line="/b Wij gaan door.", kind=LineKind.DECISION)
    return capturing.save(by, of(world, "meeting"), of(world, "item"), typed)


def other_words(world: Canaries, by: Actor) -> object:
    words = mending.ActionWords(
        safe="Bel later", full="", due_on=clock.today() + timedelta(days=9), due_at=None, version=1
    )
    return mending.change_action(by, of(world, "holder"), words)


def push(world: Canaries, by: Actor) -> object:
    source = pushing.Source(decision_id=first(world, "decision_id"))
    kept_off = pushing.push(by, pushing.read(by, source))
    assert not kept_off
    return source


def a_call(world: Canaries, by: Actor) -> object:
    tried = calls.NewTry(
        seat_id=main_seat(world), key=f"contact:{of(world, 'desk')}", outcome=CallOutcome.NO_ANSWER
    )
    return calls.note_try(by, of(world, "meeting"), tried)


def a_contact(world: Canaries, by: Actor) -> object:
    new = contacts.NewContact(
        person_id=None, organisation_id=of(world, "care"), name="Dienst", phone="0800-1234"
    )
    return contacts.add_contact(by, of(world, "table"), new)


def an_urgent_meeting(world: Canaries, by: Actor) -> object:
    new = urgent.NewUrgent(
        table_id=of(world, "table"), kind=kinds_of(world.things["table"].kind)[0], reference="",
        organisation_id=of(world, "source"), question="Wat nu?", channel="", starts=StartsIn.NOW,
        at=None, partner_ids=(), place="", shown=frozenset(),
    )  # fmt: skip
    return urgent.start_urgent(by, new)


LIVE_ACTS: dict[str, Act] = {
    # of who leads the meeting
    "h": lambda w, by: give_chair(w, by, to=somebody_else(w, by)),
    "t": take_chair,
    "e": lambda w, by: chairing.take_back(by, of(w, "meeting")),
    "r": lambda w, by: opening.call(by, of(w, "meeting"), main_seat(w), "present"),
    "p": lambda w, by: live.note_presence(by, main_seat(w), PresenceState.PRESENT),
    "v": lambda w, by: opening.accept_aloud(by, of(w, "meeting"), w.people["deputy"].id),
    "w": lambda w, by: opening.withdraw_aloud(by, of(w, "meeting"), w.people["not disclosed"].id),
    "i": lambda w, by: opening_way.choose_way(by, of(w, "meeting"), with_item=True),
    "o": lambda w, by: live.open_item(by, of(w, "item")),
    "m": lambda w, by: timing.lengthen(by, of(w, "item")),
    "g": lambda w, by: gate.note(by, of(w, "item"), "Iemand"),
    "f": lambda w, by: live.close_item(by, of(w, "item")),
    "x": lambda w, by: live.close_meeting(by, of(w, "meeting")),
    # of who writes down
    "D": lambda w, by: recording.record_decision(
        by, of(w, "item"), recording.NewDecision(text="Wij gaan door.")
    ),
    "A": lambda w, by: recording.record_action(by, of(w, "item"), an_action(w)),
    "N": lambda w, by: recording.record_note(by, of(w, "item"), recording.NewNote(text="Let op.")),
    "O": lambda w, by: recording.record_oral_mark(
        by, of(w, "item"), recording.NewOralMark(seat_id=main_seat(w))
    ),
    "C": a_line,
    "E": lambda w, by: mending_decisions.change_decision(
        by, first(w, "decision_id"), recording.NewDecision(text="Anders"), version=1
    ),
    "X": lambda w, by: mending_decisions.delete_decision(by, first(w, "decision_id"), version=1),
    "c": other_words,
    "d": lambda w, by: mending.drop_action(by, of(w, "holder"), version=1),
    "W": lambda w, by: notes.change_note(by, first(w, "note_id"), text="Anders", version=1),
    "Y": lambda w, by: notes.delete_note(by, first(w, "note_id"), version=1),
    "B": lambda w, by: putting_back.put_back(
        by, putting_back.What.NOTE, of(w, "gone note"), version=1
    ),
    "K": lambda w, by: putting_back.delete_mark(by, of(w, "mark")),
    "G": lambda w, by: recording.record_agreement(by, of(w, "mark")),
    "S": lambda w, by: watching.agree(by, of(w, "mark"), does=True),
    # about the room
    "P": push,
    "q": lambda w, by: pushing.take_away(by, first(w, "line_id")),
    "k": lambda w, by: windows.make_code(by, of(w, "meeting")),
    "l": lambda w, by: windows.cover(by, of(w, "meeting"), is_blank=True),
    "n": lambda w, by: windows.end(by, of(w, "window")),
    # at short notice, and what comes back
    "u": a_call,
    "z": a_contact,
    "j": an_urgent_meeting,
    "a": lambda w, by: carrying.take_over(by, of(w, "next"), of(w, "item")),
    "b": lambda w, by: carrying.leave(by, of(w, "next"), of(w, "item")),
    # about the minutes
    "R": lambda w, by: correcting.correct(by, of(w, "meeting"), of(w, "item"), "Het was anders."),
    "T": lambda w, by: correcting.approve(by, of(w, "meeting"), of(w, "item")),
    "s": lambda w, by: settling.settle(by, of(w, "correction"), is_taken_over=True, answer="Ja."),
    "M": lambda w, by: minutes.adopt_item(by, of(w, "second_item")),
    "y": lambda w, by: minutes.add(by, of(w, "item"), "Ook dit.", frozenset({main_seat(w)})),
    "H": lambda w, by: previewing.check(by, of(w, "meeting"), main_seat(w), shown=shown_to(w, by)),
    "L": lambda w, by: papers.start(by, of(w, "meeting"), [main_seat(w)]),
    "Q": lambda w, by: papers.take_back(by, first(w, "copy_id")),
}  # fmt: skip
