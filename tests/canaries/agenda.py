"""The meeting with its items and seats, who is invited, and its publication."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.domain.kinds import (
    HoldEnd,
    InputAnswer,
)
from app.infra import clock, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import transaction
from app.models import (
    Meeting,
    Organisation,
    Seat,
)
from tests import builders
from tests.canaries.world import CLOSES, DISCLOSED, OPENS, PUBLISHED, STARTS, Canaries, word


def add_meetings(world: Canaries) -> None:
    things = world.things
    meeting = builders.meeting(things["table"], starts_at=STARTS - timedelta(minutes=7))
    opening = builders.item(meeting, minutes=7)
    item = builders.item(meeting, things["main"], minutes=36, after=opening)
    second = builders.item(meeting, things["second"], minutes=20, after=item)
    other = builders.meeting(things["other"], starts_at=STARTS + timedelta(days=1, hours=2))
    foreign = builders.item(other, things["foreign"], minutes=30)
    world.know("meeting_id", meeting, other)
    world.know("item_id", item, opening, second, foreign)
    things |= {"meeting": meeting, "item": item, "second_item": second, "foreign_item": foreign}


def add_seats(world: Canaries) -> None:
    things, people = world.things, world.people
    made: dict[str, Seat] = {}
    for actor, codes in DISCLOSED.items():
        of = things["source"] if actor == "moved" else organisation_of(world, actor)
        made[actor] = builders.seat(
            things["item"], of, people[actor], is_staff_only=actor == "staff only"
        )
        for code in codes:
            world.know(
                "disclosure_id",
                builders.disclosure(made[actor], things["sections"][code], people["coordinator"]),
            )
    for actor in ("former holder", "former holder, no role"):
        builders.hold(
            made["deputy"], people[actor], until_at=clock.now(), ended=HoldEnd.HANDED_OVER,
            from_at=clock.now() - timedelta(days=1),
        )  # fmt: skip
    elsewhere = builders.seat(things["second_item"], things["school"], people["seated elsewhere"])
    builders.disclosure(elsewhere, things["sections"]["secondreason"], people["coordinator"])
    proposed = builders.proposal(
        builders.seat(things["item"], things["care"], is_proposed=True), things["main"],
        word("proposed"),
    )  # fmt: skip
    there = builders.bystander(
        things["item"], things["main"], word("proposed"), people["coordinator"]
    )
    world.know("bystander_id", there)
    foreign = builders.seat(
        things["foreign_item"], things["host"], people["chair of another table"]
    )
    world.know("seat_id", *made.values(), elsewhere, proposed, foreign)
    world.know(
        "request_id",
        builders.input_request(
            made["asked for input"], people["coordinator"], deadline_at=STARTS - timedelta(hours=4)
        ),
        builders.input_request(
            made["seat holder"], people["coordinator"], answer=InputAnswer.TEXT,
            answered_at=clock.now(), answered_by_id=people["seat holder"].id,
            recorded_by_id=people["coordinator"].id,
            section_id=things["sections"]["input"].id,
        ),
    )  # fmt: skip
    for actor in DISCLOSED:
        if actor != "unanswered":
            builders.declaration(people[actor], things["sections"]["identity"])
    things |= {"seats": made, "elsewhere": elsewhere}


def organisation_of(world: Canaries, actor: str) -> Organisation:
    wanted = world.people[actor].organisation_id
    return next(
        world.things[name]
        for name in ("host", "source", "care", "school", "shelter", "lapsed", "outside")
        if world.things[name].id == wanted
    )


def invite(world: Canaries) -> None:
    """The calendar entries of everybody with a seat, sent while the meeting is still ahead."""
    from app.models import Invitation

    with transaction() as session:
        invited = {
            world.people[actor].id for actor in (*DISCLOSED, "seated elsewhere", "former holder")
        }
        queue_calendar(session, world.things["meeting"].id, invited)
    outbox.drain(most=1000)
    with transaction() as session:
        entries = session.scalars(select(Invitation)).all()
        session.expunge_all()
    own = next(one for one in entries if one.person_id == world.people["seat holder"].id)
    world.know("reply_id", builders.reply(own, world.things["table"], word("reply")))
    world.ids["invitation_id"] = [entry.id for entry in entries]
    world.things["invitations"] = {entry.person_id: entry.id for entry in entries}


def publish(world: Canaries, *, accepted: bool) -> None:
    things = world.things
    with transaction() as session:
        meeting = session.get_one(Meeting, things["meeting"].id)
        meeting.published_at, meeting.opens_at, meeting.closes_at = PUBLISHED, OPENS, CLOSES
    if accepted:
        for actor in (*DISCLOSED, "seated elsewhere", "former holder", "former holder, no role"):
            builders.acceptance(world.people[actor], things["meeting"])
    end_covenant(things)


def end_covenant(things: dict[str, Any]) -> None:
    """One covenant ends between the invitation and the opening."""
    from sqlalchemy import update

    from app.models import Covenant

    with transaction() as session:
        session.execute(
            update(Covenant)
            .where(Covenant.organisation_id == things["lapsed"].id)
            .values(until_at=OPENS)
        )
