"""Who may do what about tasks, sources, emergencies and the end: the acts, and the table of them.

The letters of a cell are what goes through for that person at that clock, and nothing else does.
"""

import uuid
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta

from app.access import Actor
from app.access.administration.kinds_in_force import code_of
from app.access.referrals.handovers import Proposal
from app.access.seats.newcomers import Newcomer
from app.domain.kinds import (
    AnswerKind,
    AuthorityCheck,
    IdentityCheck,
    Regime,
    SourceOpinion,
    TaskKind,
)
from app.features.access_requests import answering, sources
from app.features.access_requests import service as requests
from app.features.cases import exclusions
from app.features.emergency import service as emergency
from app.features.handovers import answering as handing
from app.features.handovers import proposing
from app.features.retention import service as retention
from app.features.seats import deciding, guests, placing, sharing
from app.features.seats import service as seats
from app.features.tables import service as tables
from app.features.tasks import giving
from app.features.tasks import service as tasks
from app.infra import clock, wall
from app.infra.db import reading
from app.models import CaseTable
from tests import builders
from tests.canaries import CLOSES, REFERENCES, Canaries
from tests.databases import TEST

# a accepts the own task · b gives it back · t takes the case over to the own table · f refuses to ·
# g gives a task · e ends one · o offers a case to another table · w takes that back · u invites a
# guest · d places a deputy ·
# k hands a seat back · s decides as source · m asks to be asked about readers · r takes own input
# back · n opens a case in need · z ends that · v reviews one · h keeps a case from destruction ·
# p prepares a destruction at the other table · c confirms one at this table · q records an access
# request · y says what the source thinks · x submits an answer · j reviews one · l lifts that somebody
# stepped back · i asks for another host of the table
GROUND_WRITES = """
seat holder             smry         smry         smry         smry         smy         my
deputy                  k            k            k            k            -           -
former holder           smry         smry         smry         smry         smy         my
representative          smry         smry         smry         smry         smy         my
guest                   b            b            ab           ab           ab          -
secretary               b            b            ab           ab           ab          -
asked for information   ab           ab           ab           ab           ab          -
receiving team          afp          afp          afp          atfp         atfp        atfp
reviewer                nvc          nvc          nvc          nvcj         nvcj        nvc
case lead               ab           ab           ab           ab           ab          ab
chair                   geowudlvhcqx geowudlvhcqx geowudlvhcqx geowudlvhcqx geowlvhcqx  geowlvhcqx
coordinator             geowudlhqx   geowudlhqx   geowudlhqx   geowudlhqx   geowlhqx    geowlhqx
excluded coordinator    o            o            o            o            o           o
chair of another table  p            p            p            p            p           p
administrator           i            i            i            i            i           i
privacy officer         nc           nc           nc           nc           nc          nc
emergency reader        nz           nz           nz           nz           nz          nz
"""

# After every clock.
BACK = CLOSES + timedelta(days=30)
Act = Callable[[Canaries, Actor], object]


def prepare(world: Canaries) -> None:
    """What these acts are done to, beside what every world holds."""
    things, people = world.things, world.people
    with builders.together():
        held = builders.section(
            things["main"], things["types"]["reason"], things["source"], regime=Regime.WPG
        )
        things["waiting"] = builders.disclosure(
            things["seats"]["not disclosed"], held, people["coordinator"]
        )
        things["on the list"] = builders.case(things["table"], things["host"])
        builders.ended_case(things["other"], things["host"], days=4000)
        stood_in_for = builders.seat(things["item"], things["source"], invited_at=clock.now())
        things["stood in for"] = stood_in_for
        builders.hold(stood_in_for, people["deputy"], is_deputy=True, until_at=BACK)
        builders.hold(stood_in_for, people["former holder"], from_at=BACK)


def own_task(world: Canaries, by: Actor) -> uuid.UUID:
    """The task of the actor, or else the one of who was asked for information."""
    held = (one.id for one in world.things["tasks"].values() if one.person_id == by.person_id)
    return next(held, world.things["tasks"]["asked for information"].id)


def a_task(world: Canaries, **more) -> giving.Given:
    until = clock.now() + timedelta(days=1)
    holder = world.things["spare"][world.things["host"].id].id
    given = {
        "person_id": holder, "kind": TaskKind.INFORMATION_REQUEST, "reason": "Advies",
        "section_ids": (), "opens_question": True, "until": until,
    }  # fmt: skip
    return giving.Given(**{**given, **more})


def an_offer(world: Canaries, by: Actor) -> object:
    """A case of this table that waits for no answer, to the other table."""
    offered = Proposal(reason="Past beter daar", to_table_id=world.things["other"].id)
    return proposing.propose(by, world.things["on the list"].id, offered)


def a_guest(world: Canaries) -> guests.NewGuest:
    return guests.NewGuest(
        who=Newcomer(name="G. Gast", email="gast@elders.example", is_outside=True),
        organisation_id=world.things["outside"].id, reason="Weet meer", section_ids=(),
        opens_question=True,
    )  # fmt: skip


def an_intake(world: Canaries) -> requests.Intake:
    return requests.Intake(
        table_id=world.things["table"].id, regime=Regime.AVG, received_on=clock.today(),
        requester="A. Verzoeker", identity_check=IdentityCheck.DOCUMENT,
        authority_check=AuthorityCheck.SELF, reference=REFERENCES["ref"],
    )  # fmt: skip


def another_host(world: Canaries, by: Actor) -> object:
    with wall.acting_as(TEST), reading() as session:
        table = session.get_one(CaseTable, world.things["table"].id)
        values = {one.name: getattr(table, one.name, ()) for one in fields(tables.TableData)}
        values["kind_code"], version = code_of(table), table.version
    values["host_organisation_id"] = world.things["care"].id
    return tables.change_table(by, table.id, tables.TableData(**values), version=version)


GROUND_ACTS: dict[str, Act] = {
    # of whoever holds a task
    "a": lambda w, by: tasks.accept(by, own_task(w, by)),
    "b": lambda w, by: tasks.give_back(by, own_task(w, by)),
    "t": lambda w, by: handing.accept(by, own_task(w, by)),
    "f": lambda w, by: handing.refuse(by, own_task(w, by), "Past hier niet"),
    # of staff
    "g": lambda w, by: giving.give(by, w.things["main"].id, a_task(w)),
    "e": lambda w, by: giving.end(
        by, w.things["main"].id, w.things["tasks"]["asked for information"].id
    ),
    "o": an_offer,
    "w": lambda w, by: proposing.withdraw(by, w.things["main"].id, w.things["handover"].id),
    "u": lambda w, by: guests.invite(by, w.things["item"].id, a_guest(w)),
    "d": lambda w, by: placing.place(
        by, w.things["seats"]["seat holder"].id,
        Newcomer(name="V. Vervanger", email="vervanger@elders.example", is_outside=True),
    ),
    "l": lambda w, by: exclusions.lift_recusal(by, w.things["main"].id, w.ids["recusal_id"][0]),
    # of who sits, and of a source
    "k": lambda w, by: seats.hand_back(by, w.things["stood in for"].id),
    "s": lambda w, by: deciding.decide(by, w.things["waiting"].id, allow=True, basis=""),
    "m": lambda w, by: sharing.ask_me(by, w.things["sections"]["input"].id, wanted=True),
    "r": lambda w, by: sharing.recall(by, w.things["sections"]["input"].id),
    # in an emergency
    "n": lambda _w, by: emergency.open_case(by, REFERENCES["ref"], "Nu"),
    "z": lambda w, by: emergency.end(by, w.things["emergency"].id),
    "v": lambda w, by: emergency.review(by, w.ids["reading_id"][0], justified=True, text="Terecht"),
    # of the end, and of who asks what is kept
    "h": lambda w, by: retention.place_hold(by, w.things["main"].id, "Onderzoek"),
    "p": lambda w, by: retention.prepare(by, w.things["other"].id),
    "c": lambda w, by: retention.confirm(by, w.ids["run_id"][0]),
    "q": lambda w, by: requests.take_in(by, an_intake(w)),
    "y": lambda w, by: sources.give_view(by, w.ids["view_id"][0], SourceOpinion.YES, ""),
    "x": lambda w, by: answering.submit(
        by, w.ids["access_request_id"][0], AnswerKind.NEITHER,
        reviewer_id=w.people["privacy officer"].id,
    ),
    "j": lambda w, by: answering.review(by, w.things["review"].id, approve=True, remark=""),
    "i": another_host,
}  # fmt: skip
