"""Who may do what before there is a meeting, and with a case beside one: the acts, and the table.

Referring and triage, the lists of a day, a report on the spot, the plan and the exclusion order,
who leads and who brings a case. The letters of a cell are what goes through for that person at that
clock, and nothing else does.
"""

import uuid
from collections.abc import Callable
from dataclasses import fields
from datetime import time, timedelta

from app.access import Actor
from app.access.administration.kinds_in_force import code_of
from app.access.case_life.plans import Review
from app.access.referrals.handovers import Proposal
from app.access.referrals.on_the_spot import OnTheSpot
from app.domain.kind_document import Words
from app.domain.kinds import ConcernedRole, Phase, ReferralState, TableKind
from app.domain.referral_drafts import Member
from app.domain.table_chooser import Signs
from app.features.actions import follow
from app.features.acute import service as acute
from app.features.agenda import disclosing
from app.features.case_life import household
from app.features.case_life import service as life
from app.features.exclusion_orders import service as orders
from app.features.handovers import answering as handing
from app.features.handovers import proposing
from app.features.kinds import service as kinds
from app.features.plans import service as plans
from app.features.plans import standing
from app.features.referrals import drafting, followed
from app.features.replies import deciding
from app.features.screening import service as screening
from app.features.seats import known
from app.features.tables import service as tables
from app.features.triage import service as triage
from app.features.zsm import service as zsm
from app.infra import clock, wall
from app.infra.db import reading
from app.models import Case, CaseTable, Person
from tests.access.live_acts import of
from tests.access.table import rows
from tests.canaries import REFERENCES, Canaries
from tests.databases import TEST

# b begins a referral · a answers what was asked back · w withdraws it · h hands it on ·
# t takes a referral up · k asks back · c accepts · d advises · j joins it to a case ·
# l enters a screening line · p picks one up · s closes one · n counts chats · o offers one to a
# team · y takes that over · f refuses to · z enters a line on the day list · r records what came of
# one · u takes that back · e reports on the spot · i says whether the family is known ·
# g gives the standard disclosures · x lets an action lapse · v puts an answer by mail aside ·
# P sets the phase · M marks a criterion · R agrees on a review · V records service of an order ·
# X extends one · W withdraws one · T says who always sits · L links a household · U unlinks one ·
# C copies a person of it · B asks another to bring a case · N takes that back · A becomes the one
# who brings it · F refuses to · Q asks who leads next · K changes the kind of a table ·
# G changes a kind
BEFORE_WRITES = """
moved                   b                     b
seat holder             bAF                   bAF
deputy                  b                     b
former holder           bAF                   bAF
former holder, no role  b                     b
recused                 b                     b
excluded                b                     b
colleague               b                     b
standing deputy         b                     b
told on the ladder      b                     b
representative          beAF                  beAF
seated elsewhere        b                     b
not disclosed           b                     bi
asked for input         b                     b
no covenant             b                     b
staff only              b                     b
unanswered              b                     b
action owner            b                     b
told action owner       b                     b
secretary               b                     b
asked for information   b                     b
receiving team          bz                    bz
reviewer                b                     b
case lead               bQ                    bQ
referrer                bawh                  bawh
excluded referrer       b                     b
moved referrer          b                     b
screening coordinator   blpsno                blpsno
team member             bf                    byf
chair                   btkcdjgPMRTBN         btkcdjgxPMRTBN
coordinator             btkcdjgvPMRVXWTLUCBN  btkcdjgxvPMRVXWTLUCBN
excluded coordinator    blnTN                 blnTN
chair of another table  bzru                  bzru
administrator           KG                    KG
privacy officer         b                     b
emergency reader        b                     b
"""
# While nothing is published, and while the meeting is held: what is done here waits for neither.
BEFORE_CLOCKS = "AL"

Act = Callable[[Canaries, Actor], object]


def own_referral(world: Canaries, by: Actor) -> uuid.UUID:
    """The referral of the actor that waits, or else that of the referrer."""
    return _asked(world, by)[0]


def _asked(world: Canaries, by: Actor) -> tuple[uuid.UUID, uuid.UUID]:
    asked = world.things["asked"]
    found: tuple[uuid.UUID, uuid.UUID] = asked.get(by.person_id) or _of_referrer(world)
    return found


def _of_referrer(world: Canaries) -> tuple[uuid.UUID, uuid.UUID]:
    found: tuple[uuid.UUID, uuid.UUID] = world.things["asked"][world.people["referrer"].id]
    return found


def question(world: Canaries, by: Actor) -> uuid.UUID:
    return _asked(world, by)[1]


def waiting(world: Canaries) -> uuid.UUID:
    """The referral staff decide about."""
    return _of_referrer(world)[0]


def colleague_id(world: Canaries, by: Actor) -> uuid.UUID:
    spare: Person = world.things["spare"][by.organisation_id]
    return spare.id


def team_task(world: Canaries) -> uuid.UUID:
    """The task by which the team is offered a line of the screening list."""
    return world.ids["task_id"][-1]


def an_offer(world: Canaries) -> Proposal:
    return Proposal(reason="Past bij het team", to_organisation_id=world.things["outside"].id)


def a_new_line(world: Canaries) -> zsm.NewLine:
    return zsm.NewLine(
        number="", question="Wat nu?", organisation_id=world.things["host"].id, result=zsm.Result()
    )


def on_the_spot(world: Canaries) -> OnTheSpot:
    return OnTheSpot(
        table_id=world.things["spot"].id, to_table_id=world.things["table"].id,
        agreements="Vader slaapt elders.", people=(Member(ConcernedRole.VICTIM, "Moeder"),),
        informed=True, why_not="", is_danger=False, reason="Neem over",
    )  # fmt: skip


def served_now() -> orders.Served:
    return orders.Served(clock.today() - timedelta(days=1), time(13))


def another_kind(world: Canaries, by: Actor) -> object:
    with wall.acting_as(TEST), reading() as session:
        table = session.get_one(CaseTable, world.things["empty"].id)
        values = {one.name: getattr(table, one.name, ()) for one in fields(tables.TableData)}
        was, version = code_of(table), table.version
    values["kind_code"] = TableKind.ZSM.value
    assert was != values["kind_code"]
    return tables.change_table(by, table.id, tables.TableData(**values), version=version)


def main(world: Canaries) -> uuid.UUID:
    case: Case = world.things["main"]
    return case.id


BEFORE_ACTS: dict[str, Act] = {
    # of whoever refers
    "b": lambda _w, by: drafting.begin(by, Signs()),
    "a": lambda w, by: followed.answer(by, own_referral(w, by), question(w, by), "Sinds mei."),
    "w": lambda w, by: followed.withdraw(by, own_referral(w, by), "Niet meer nodig."),
    "h": lambda w, by: followed.hand_on(by, own_referral(w, by), colleague_id(w, by)),
    # of staff, about a referral
    "t": lambda w, by: triage.take_up(by, waiting(w)),
    "k": lambda w, by: triage.ask_back(by, waiting(w), "Sinds wanneer?"),
    "c": lambda w, by: triage.accept(by, waiting(w), triage.Acceptance(reason="Te ernstig")),
    "d": lambda w, by: triage.decline(by, waiting(w), ReferralState.ADVISED, "Vraag het team."),
    "j": lambda w, by: triage.join(by, waiting(w), REFERENCES["secondref"]),
    # on the lists of a day
    "l": lambda w, by: screening.enter(
        by, w.things["screening"].id, clock.today(), number="VT-1", is_urgent=True
    ),
    "p": lambda w, by: screening.pick_up(by, w.things["line"].id),
    "s": lambda w, by: screening.close(by, w.things["line"].id),
    "n": lambda w, by: screening.count_chats(by, w.things["screening"].id, clock.today(), 3),
    "o": lambda w, by: proposing.propose(by, w.things["line"].id, an_offer(w)),
    "y": lambda w, by: handing.accept(by, team_task(w)),
    "f": lambda w, by: handing.refuse(by, team_task(w), "Kent het gezin niet"),
    "z": lambda w, by: zsm.enter_line(by, w.things["other"].id, clock.today(), a_new_line(w)),
    "r": lambda w, by: zsm.record_result(
        by, w.things["listed"].id, zsm.Result(outcome="advice-given", advice="Let op.")
    ),
    "u": lambda w, by: zsm.record_result(by, w.things["listed"].id, zsm.Result()),
    "e": lambda w, by: acute.report(by, on_the_spot(w)),
    "i": lambda w, by: known.say_known(by, w.things["known"].id, known=True),
    # of staff, beside a meeting
    "g": lambda w, by: disclosing.confirm_standard(by, w.things["item"].id, ()),
    "x": lambda w, by: follow.lapse(by, of(w, "holder"), reason="Niet meer nodig", version=1),
    "v": lambda w, by: deciding.put_aside(by, w.ids["reply_id"][0]),
    # about the plan and the order of a case
    "P": lambda w, by: plans.set_phase(by, main(w), Phase.RECOVERY),
    "M": lambda w, by: plans.mark(by, main(w), w.things["criterion"].id, is_met=True),
    "R": lambda w, by: plans.set_review(by, main(w), Review(clock.today(), None)),
    "V": lambda w, by: orders.record_service(by, w.things["ordered"].id, served_now()),
    "X": lambda w, by: orders.extend(by, w.things["served"].id, is_extended=True),
    "W": lambda w, by: orders.withdraw(by, w.things["served"].id),
    "T": lambda w, by: standing.put_standing(by, w.things["table"].id, [w.things["source"].id]),
    # about whose it is
    "L": lambda w, by: household.link(by, main(w), REFERENCES["secondref"]),
    "U": lambda w, by: household.unlink(by, main(w)),
    "C": lambda w, by: household.bring_along(by, main(w), [w.things["relative"].id]),
    "B": lambda w, by: life.ask_to_bring(by, main(w), w.things["care"].id),
    "N": lambda w, by: life.ask_no_more(by, w.things["second"].id),
    "A": lambda w, by: life.answer_to_bring(by, w.ids["transfer_id"][0], accepts=True),
    "F": lambda w, by: life.answer_to_bring(by, w.ids["transfer_id"][0], accepts=False),
    "Q": lambda w, by: life.ask_successor(
        by, w.things["tasks"]["case lead"].id, w.people["coordinator"].id, "Neem over"
    ),
    # of who sets up
    "K": another_kind,
    "G": lambda _w, by: kinds.add_kind(by, Words("Eigen soort", "Own kind"), like="mda"),
}  # fmt: skip

EXPECTED_BEFORE = rows(BEFORE_WRITES, BEFORE_CLOCKS)
