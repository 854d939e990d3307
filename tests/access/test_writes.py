"""Who may do what when, act by act: the other half of the table of access.md §3.

Each act is tried as the service a page calls, in a unit of work that is rolled back: what it would
have changed is gone for the next. A letter means it went through; nothing else is let through, by
nobody, whatever the reason it is refused for.
"""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access import Actor, Permission, load_actor
from app.domain.errors import NotPermitted, NotVisible, Refusal, StaleEdit
from app.domain.kinds import AccountState, ActionState, InputAnswer, InvitationAnswer
from app.features.actions import service as actions
from app.features.agenda import seating
from app.features.cases import exclusions
from app.features.cases import service as cases
from app.features.live import service as live
from app.features.meetings import sending
from app.features.meetings import service as meetings
from app.features.seats import giving, telephone
from app.features.seats import service as seats
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.models import Case, Person, SeatHold, Section
from tests import builders, canaries
from tests.access import before_world, live_acts
from tests.access.before_acts import BEFORE_ACTS, BEFORE_CLOCKS, EXPECTED_BEFORE
from tests.access.between_acts import BETWEEN_ACTS, EXPECTED_BETWEEN
from tests.access.ground_acts import GROUND_ACTS, GROUND_WRITES, Act, prepare
from tests.access.live_acts import EXPECTED_LIVE, LIVE_ACTS, LIVE_CLOCKS
from tests.access.rights import APART, LOOKS, TRIED
from tests.access.table import ACTORS, CLOCKS, rows
from tests.canaries import Canaries
from tests.databases import TEST
from tests.undone import undone

REFUSED = (Refusal, NotVisible, NotPermitted, StaleEdit)

# a answers the invitation · c accepts confidentiality · h hands the seat over · k steps back, knowing
# somebody · i answers a request for input · o changes the own organisation's text · t reports on the
# own action · q changes the question · s takes a seat away · v invites · p publishes · x keeps
# somebody out · y takes an answer down by telephone · l starts the meeting · z cancels it · - nothing
WRITES = """
seat holder             achko      achko     achko     achko     ckt  ckt
deputy                  achk       achk      achk      achk      ckt  ckt
former holder           o          o         o         o         -    -
representative          o          o         o         o         -    -
seated elsewhere        c          c         c         c         c    c
not disclosed           achk       achk      achk      achk      ck   ck
asked for input         achki      achki     achk      achki     ck   ck
no covenant             achk       achk      achk      achk      ck   ck
staff only              achk       achk      achk      achk      ck   ck
unanswered              achk       achk      achk      achk      ck   ck
action owner            -          -         -         -         t    t
told action owner       -          -         -         -         t    t
chair                   qsvpxylz   qsvxylz   qsvxylz   qsvxylz   qx   qx
coordinator             qsvpxylz   qsvxylz   qsvxylz   qsvxylz   qx   qx
excluded coordinator    vplz       vlz       vlz       vlz       -    -
"""
EXPECTED = {
    "at meetings": rows(WRITES),
    "on other grounds": rows(GROUND_WRITES),
    "while it is held": EXPECTED_LIVE,
    "between meetings": EXPECTED_BETWEEN,
    "before meetings": EXPECTED_BEFORE,
}
# An account that does not count does nothing, whoever it is of.
GONE = (AccountState.BLOCKED, AccountState.LEFT)


def own_seat(world: Canaries, actor: Actor):
    """The seat the actor holds at the main item, or else that of the seat holder."""
    with reading() as session:
        seats_here = [one.id for one in world.things["seats"].values()]
        held = session.scalars(
            select(SeatHold.seat_id).where(
                SeatHold.person_id == actor.person_id, SeatHold.until_at.is_(None),
                SeatHold.seat_id.in_(seats_here),
            )
        ).first()  # fmt: skip
    return held or world.things["seats"]["seat holder"].id


def colleague(world: Canaries, actor: Actor):
    """Somebody of the actor's organisation who could take a seat over."""
    return world.things["spare"][actor.organisation_id].id


def build(at: str, frozen_clock) -> Canaries:
    world = canaries.build(at, frozen_clock)
    organisations = {one.organisation_id for one in world.people.values()}
    with builders.together():
        world.things["spare"] = {
            one: builders.save(Person(
                organisation_id=one, name="Reserve", function="", phone="", state=AccountState.ACTIVE,
                email=f"reserve-{one}@voorbeeld.example", language="nl", theme="",
            ))
            for one in organisations
        }  # fmt: skip
    prepare(world)
    live_acts.prepare(world)
    if at in BEFORE_CLOCKS:
        before_world.prepare(world)
    return world


def version_of(model: type, one) -> int:
    with wall.acting_as(TEST), reading() as session:
        return session.get_one(model, one.id).version


def own_action(world: Canaries, actor: Actor):
    names = {"seat holder": "holder", "deputy": "deputy", "action owner": "owner", "told action owner": "told"}  # fmt: skip
    mine = (name for who, name in names.items() if world.people[who].id == actor.person_id)
    made = world.things.get(next(mine, "owner"))
    return made.id if made else uuid.uuid4()


ACTS: dict[str, Act] = {
    # on one's own seat
    "a": lambda w, by: seats.answer_invitation(by, own_seat(w, by), InvitationAnswer.YES),
    "c": lambda w, by: seats.accept_confidentiality(by, w.things["meeting"].id),
    "h": lambda w, by: seats.hand_over(by, own_seat(w, by), colleague(w, by)),
    "k": lambda w, by: seats.recuse(by, own_seat(w, by)),
    "i": lambda w, by: giving.give(
        by, w.ids["request_id"][0], giving.GivenInput(answer=InputAnswer.NOT_KNOWN)
    ),
    "o": lambda w, by: giving.change_own_text(
        by, w.things["sections"]["input"].id, "Anders",
        version=version_of(Section, w.things["sections"]["input"]), confirmed=True,
    ),
    "t": lambda w, by: actions.report(
        by, own_action(w, by), actions.Report(state=ActionState.STARTED, remark="", version=1)
    ),
    # of staff
    "q": lambda w, by: cases.change_question(
        by, w.things["main"].id, question="Anders", version=version_of(Case, w.things["main"])
    ),
    "s": lambda w, by: seating.remove_seat(by, w.things["seats"]["deputy"].id),
    "v": lambda w, by: sending.invite(by, w.things["meeting"].id),
    "p": lambda w, by: sending.publish(by, w.things["meeting"].id),
    "x": lambda w, by: exclusions.exclude(
        by, w.things["main"].id,
        exclusions.NewExclusion(
            person_id=w.people["colleague"].id, reason="Buur", until=clock.now() + timedelta(days=9)
        ),
    ),
    "y": lambda w, by: telephone.record_answer(
        by, w.things["seats"]["deputy"].id, InvitationAnswer.YES
    ),
    "l": lambda w, by: live.start_meeting(by, w.things["meeting"].id),
    "z": lambda w, by: meetings.cancel_meeting(by, w.things["meeting"].id),
}  # fmt: skip


ALL_ACTS: Mapping[str, Mapping[str, Act]] = {
    "at meetings": ACTS,
    "on other grounds": GROUND_ACTS,
    "while it is held": LIVE_ACTS,
    "between meetings": BETWEEN_ACTS,
    "before meetings": BEFORE_ACTS,
}


def tables_at(at: str) -> dict[str, Mapping[str, Act]]:
    """The tables that have this clock."""
    return {table: acts for table, acts in ALL_ACTS.items() if at in EXPECTED[table]["chair"]}


def done_by(world: Canaries, who: str) -> dict[str, str]:
    """Per table the letters of what went through, in the order of its acts."""
    try:
        with reading() as session:
            actor = load_actor(session, world.people[who].id, now=clock.now())
    except NotVisible:
        return dict.fromkeys(tables_at(world.clock), "-")
    return {
        table: "".join(
            letter for letter, act in acts.items() if _went_through(act, world, actor)
        ) or "-"
        for table, acts in tables_at(world.clock).items()
    }  # fmt: skip


def _went_through(act: Act, world: Canaries, actor: Actor) -> bool:
    try:
        with wall.acting_as(actor.person_id):
            act(world, actor)
    except REFUSED:
        return False
    return True


def test_the_tables_name_every_act() -> None:
    for table, acts in ALL_ACTS.items():
        written = {
            letter for row in EXPECTED[table].values() for cell in row.values() for letter in cell
        }
        assert written == {*acts, "-"}, table
    # Every right stands for an act somebody was let through with; a new one is tried or told apart.
    assert sorted((*TRIED, *LOOKS, *APART)) == sorted(Permission)
    assert [one for one, (table, act) in TRIED.items() if act not in ALL_ACTS[table]] == []
    # Everybody with an account tries each of them, with an account in each state.
    acts = sum(map(len, ALL_ACTS.values()))
    assert (len(ACTORS) - 1) * len(CLOCKS) * acts * (1 + len(GONE)) >= 4000


AT_EVERY_CLOCK = [
    pytest.param(kind, at, marks=() if kind == "sqlite" and at in "CLDE" else pytest.mark.deep)
    for kind in ("sqlite", "postgresql")
    for at in LIVE_CLOCKS
]


@pytest.mark.parametrize(("database", "at"), AT_EVERY_CLOCK, indirect=["database"])
def test_every_act_of_everybody(app, frozen_clock, at: str) -> None:
    world = build(at, frozen_clock)
    with undone():
        done = {who: done_by(world, who) for who in ACTORS if who != "anonymous"}
    wrong = [
        f"{who} at {at} {table}: {letters}, not {EXPECTED[table][who][at]}"
        for who, by_table in done.items()
        for table, letters in by_table.items()
        if letters != EXPECTED[table][who][at]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("database", "at"), AT_EVERY_CLOCK, indirect=["database"])
def test_an_account_that_does_not_count_does_nothing(
    app, frozen_clock, at: str, deep: bool
) -> None:
    world = build(at, frozen_clock)
    actors = {}
    with reading() as session:
        for who in ACTORS:
            with suppress(KeyError, NotVisible):
                actors[who] = load_actor(session, world.people[who].id, now=clock.now())
    # In the ordinary run either at every other clock: what an account counts for is one condition.
    for state in GONE if deep else (GONE[LIVE_CLOCKS.index(at) % 2],):
        with transaction() as session:
            session.execute(update(Person).values(state=state))
        # Also for whoever was let in a moment before: the services ask again.
        late = {who: actor for who, actor in actors.items() if not actor.is_staff}
        with undone():
            nothing = dict.fromkeys(tables_at(at), "-")
            assert {who: done_by(world, who) for who in actors} == dict.fromkeys(actors, nothing)
            went = [
                (who, letter)
                for who, actor in late.items()
                for acts, letters in (
                    (ACTS, "achki"),
                    (GROUND_ACTS, "abtn"),
                    (LIVE_ACTS, "DNSRT"),
                    (BETWEEN_ACTS, "sat"),
                )
                for letter in letters
                if _went_through(acts[letter], world, actor)
            ]
        assert not went, state
