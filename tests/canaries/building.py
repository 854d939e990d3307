"""A table at work in which every confidential field holds a word of its own, at six clock positions.

The meeting is on 15 June 2026. A before publication, B published but not open yet, "b" open but
confidentiality not accepted, C open and accepted, D discussed and closed, E after the window with
the minutes adopted. Beside these L: live, while the main item is on the table. Everybody who once had, might have had or lost a ground sits here under the name of the actor.
"""

from app.infra.clock import FrozenClock
from tests import builders
from tests.canaries import after, before
from tests.canaries.agenda import add_meetings, add_seats, invite, publish
from tests.canaries.grounds import give_tasks, have_reviewed
from tests.canaries.papers import add_cases
from tests.canaries.people import add_people, keep_out
from tests.canaries.record import (
    adopt,
    close,
    have_called,
    have_printed,
    hold,
    open_a_window,
    write_down,
)
from tests.canaries.world import MOMENTS, Canaries, word


def build(at: str, frozen: FrozenClock) -> Canaries:
    """Make the world as it stands at a clock position, and leave the clock there."""
    frozen.moment = MOMENTS["A"]
    world = Canaries(at)
    add_people(world)
    before.add_people(world)
    add_cases(world)
    add_meetings(world)
    add_seats(world)
    after.leave_undone(world)
    after.name_a_contact(world)
    give_tasks(world)
    keep_out(world)
    before.refer(world)
    before.screen(world)
    before.hand_over(world)
    before.tell(world)
    before.ask_to_bring(world)
    before.link(world)
    have_reviewed(world)
    invite(world)
    if at == "A":
        # Whoever is asked for input accepts before anything else.
        builders.acceptance(world.people["asked for input"], world.things["meeting"])
    else:
        publish(world, accepted=at != "b")
    frozen.moment = MOMENTS[at]
    if at in "LDE":
        hold(world)
        write_down(world)
        after.chase(world)
    if at in "DE":
        close(world)
    if at == "E":
        adopt(world, frozen)
    # Open just now, whatever moment that is.
    opened = builders.emergency(
        world.people["emergency reader"], world.things["main"], reason=word("emergency")
    )
    world.know("reading_id", opened)
    world.things["emergency"] = opened
    have_printed(world)
    after.have_copied(world)
    have_called(world)
    open_a_window(world)
    return world
