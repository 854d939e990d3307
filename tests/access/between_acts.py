"""Who may do what between two meetings: reporting, answering, informing, reminding; the acts.

The letters of a cell are what goes through for that person at that clock, and nothing else does.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from app.access import Actor
from app.access.case_life.new_facts import By
from app.domain.chasing import Schedule
from app.domain.errors import NotVisible
from app.domain.kinds import (
    ExportFormat,
    ExportKind,
    ExportPurpose,
    FamilyPart,
    FamilyRole,
    MeasurementKind,
)
from app.features.actions import more_time, passing_on
from app.features.chasing import pausing, settings
from app.features.exports import service as exporting
from app.features.facts import answering, chasing, family, informing, reporting
from app.features.live import carried
from app.features.surveys import service as surveying
from app.infra import clock
from app.infra.db import reading
from app.models import Seat, SeatHold
from tests.access.table import rows
from tests.canaries import Canaries

# s reports from the own seat · a from the own action · t from the own task · f answers a new fact ·
# i records why somebody is not told yet · g records who of the family took part · r reminds of a
# question · m asks for more time · h hands the own action on · p lets an action from before rest ·
# y shows it to an item in full · c says how the table chases · x asks for a copy of
# the board · e asks the partners of the table five questions · q answers them
BETWEEN_WRITES = """
seat holder             sq        sq        sq        sq        samhq    samh
deputy                  s         s         s         s         samh     samh
not disclosed           s         s         s         s         s        s
asked for input         s         s         s         s         s        s
no covenant             s         s         s         s         s        s
staff only              s         s         s         s         s        s
unanswered              s         s         s         s         s        s
action owner            -         -         -         -         am       am
told action owner       -         -         -         -         am       am
case lead               t         t         t         t         t        t
chair                   figrpycxe figrpycxe figrpycxe figrpycxe figpycxe fipycxe
coordinator             figrpcxe  figrpcxe  figrpcxe  figrpcxe  figpycxe fipycxe
receiving team          x         x         x         x         x        x
screening coordinator   x         x         x         x         x        x
chair of another table  x         x         x         x         x        x
excluded coordinator    cxe       cxe       cxe       cxe       cxe      cxe
"""

Act = Callable[[Canaries, Actor], object]


def a_report() -> reporting.NewReport:
    return reporting.NewReport(what="Gebeurd", happened_at=clock.now(), source="", is_danger=True)


def own_seat(world: Canaries, by: Actor) -> uuid.UUID:
    """A seat the actor holds at the main item, or else that of the seat holder."""
    with reading() as session:
        held = session.scalars(
            select(SeatHold.seat_id)
            .join(Seat, Seat.id == SeatHold.seat_id)
            .where(
                SeatHold.person_id == by.person_id, SeatHold.until_at.is_(None),
                Seat.item_id == world.things["item"].id,
            )
            .order_by(Seat.id)
        ).first()  # fmt: skip
    return held or world.things["seats"]["seat holder"].id


def own_task(world: Canaries, by: Actor) -> uuid.UUID:
    """The task of the actor, or else that of the case lead."""
    held = (one.id for one in world.things["tasks"].values() if one.person_id == by.person_id)
    return next(held, world.things["tasks"]["case lead"].id)


def own_action(world: Canaries, by: Actor) -> uuid.UUID:
    names = {"seat holder": "holder", "deputy": "deputy", "action owner": "owner", "told action owner": "told"}  # fmt: skip
    mine = (name for who, name in names.items() if world.people[who].id == by.person_id)
    made = world.things.get(next(mine, "owner"))
    return made.id if made else uuid.uuid4()


def a_reminder(world: Canaries, by: Actor) -> None:
    """Of a question that is not the actor's to ask nothing is sent, and nothing is said."""
    sent, _skipped = chasing.remind(by, (world.ids["request_id"][0],))
    if not sent:
        raise NotVisible


BETWEEN_ACTS: dict[str, Act] = {
    "s": lambda w, by: reporting.report(by, By.SEAT, own_seat(w, by), a_report()),
    "a": lambda w, by: reporting.report(by, By.ACTION, own_action(w, by), a_report()),
    "t": lambda w, by: reporting.report(by, By.TASK, own_task(w, by), a_report()),
    "f": lambda w, by: answering.answer(
        by, w.ids["fact_id"][0], answering.Answer(text="Dank u", note="")
    ),
    "i": lambda w, by: informing.tell(
        by, w.things["main"].id, w.things["concerned"].id,
        informing.Told(reason="Onderzoek", reconsider_on=clock.today() + timedelta(days=7)),
    ),
    "g": lambda w, by: family.add(
        by, w.things["item"].id, family.NewLine(role=FamilyRole.PARENT, part=FamilyPart.PRESENT)
    ),
    "r": a_reminder,
    "m": lambda w, by: more_time.ask(
        by, own_action(w, by), until_on=clock.today() + timedelta(days=90), reason="Ziek", version=1
    ),
    "h": lambda w, by: passing_on.hand_over(
        by, own_action(w, by), w.people["representative"].id, remark="", version=1
    ),
    "p": lambda w, by: pausing.pause(
        by, w.things["before"].id, until_on=clock.today() + timedelta(days=30), reason="Zitting"
    ),
    "y": lambda w, by: carried.show(by, w.things["item"].id, w.things["before"].id),
    "c": lambda w, by: settings.save(
        by, w.things["table"].id, settings.Settings(Schedule(), verifies=True), version=0
    ),
    "x": lambda _w, by: exporting.ask(
        by, ExportKind.ACTIONS, "", ExportPurpose.FOLLOW_UP, ExportFormat.CSV
    ),
    "e": lambda w, by: surveying.ask(
        by, w.things["table"].id, MeasurementKind.SECOND, clock.now() + timedelta(days=9)
    ),
    "q": lambda w, by: surveying.answer(by, w.ids["survey_id"][0], [3] * 5),
}  # fmt: skip

EXPECTED_BETWEEN = rows(BETWEEN_WRITES)
