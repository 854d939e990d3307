"""The weeks around today: one meeting to prepare, one published and open, one just closed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.domain.kinds import (
    ActionState,
    DiscussionKind,
    InputAnswer,
    InvitationAnswer,
    ItemKind,
    PresenceState,
)
from app.domain.local_time import local_date, local_to_utc
from app.domain.working_days import add_working_days, subtract_working_days
from app.features.demo.agendas import (
    ItemPlan,
    MeetingPlan,
    SeatPlan,
    add_meeting,
)
from app.features.demo.batch import Batch
from app.features.demo.ground import World
from app.features.demo.records import DonePlan
from app.features.demo.tell import ToldCase, keep_out
from app.infra.holidays_nl import is_holiday

YES, NO = InvitationAnswer.YES, InvitationAnswer.NO
OPENING = ItemPlan(minutes=10, kind=ItemKind.OPENING)
BREAK = ItemPlan(minutes=15, kind=ItemKind.BREAK)
CLOSING = ItemPlan(minutes=10, kind=ItemKind.CLOSING)


def _at(world: World, working_days: int, clock: time) -> datetime:
    today = local_date(world.now)
    if working_days < 0:
        return local_to_utc(subtract_working_days(today, -working_days, is_holiday), clock)
    return local_to_utc(add_working_days(today, working_days, is_holiday), clock)


def add_weeks(batch: Batch, world: World, told: dict[str, ToldCase]) -> None:
    """Write the four meetings around today, and two people who may not see a case."""
    add_meeting(batch, world, _to_prepare(world, told))
    add_meeting(batch, world, _same_afternoon(world, told))
    add_meeting(batch, world, _open_papers(world, told))
    add_meeting(batch, world, _just_closed(world, told))
    keep_out(batch, world, excluded=("mirjam", told["oudere"]), recused=("rob", told["stalking"]))


def _to_prepare(world: World, told: dict[str, ToldCase]) -> MeetingPlan:
    """A draft with the usual troubles: no answer, no input, no occupant, nothing disclosed."""
    return MeetingPlan(
        table="mda",
        starts_at=_at(world, 6, time(13, 0)),
        place="Huis van de Delta, kamer 2.14",
        accepted=frozenset({"sanne", "yasmina", "lotte"}),
        items=(
            OPENING,
            ItemPlan(
                minutes=45,
                told=told["stalking"],
                seats=(
                    SeatPlan(
                        organisation="VT", person="sanne", answer=YES, asked=True,
                        input=InputAnswer.TEXT,
                    ),
                    SeatPlan(organisation="POL", person="dennis", answer=YES, asked=True),
                    SeatPlan(organisation="LT-OW", person="pieter", answer=YES),
                    SeatPlan(
                        organisation="RvdK", person="yasmina", asked=True,
                        input=InputAnswer.NOT_KNOWN,
                    ),
                    SeatPlan(organisation="SHN", person="samira"),
                ),
            ),
            ItemPlan(
                minutes=40,
                told=told["zoon-slaat"],
                seats=(
                    SeatPlan(organisation="VT", person="sanne", answer=YES),
                    SeatPlan(
                        organisation="LT-OW", person="pieter", answer=YES, by_telephone=True
                    ),
                    SeatPlan(organisation="GI", person="lotte", answer=NO),
                    SeatPlan(organisation="GGZ", person="eline", asked=True),
                    SeatPlan(organisation="POL", invited=False),
                ),
            ),
            BREAK,
            ItemPlan(
                minutes=40,
                told=told["oudere"],
                disclose=False,
                seats=(
                    SeatPlan(organisation="VT", person="sanne", invited=False),
                    SeatPlan(organisation="GEM-OW", person="nadia", invited=False),
                    SeatPlan(organisation="OM", invited=False),
                ),
            ),
            ItemPlan(
                minutes=30,
                told=told["vastgelopen"],
                discussion=DiscussionKind.FOLLOW_UP,
                seats=(
                    SeatPlan(organisation="VT", person="sanne", answer=YES),
                    SeatPlan(
                        organisation="GI", person="lotte", answer=YES, asked=True,
                        input=InputAnswer.SPOKEN,
                    ),
                    SeatPlan(organisation="GGZ", person="eline", answer=YES),
                    SeatPlan(organisation="RN", person="thijs", asked=True),
                ),
            ),
            CLOSING,
        ),
    )  # fmt: skip


def _same_afternoon(world: World, told: dict[str, ToldCase]) -> MeetingPlan:
    """A second draft that asks two people for the same hour: a conflict to solve."""
    return MeetingPlan(
        table="act",
        starts_at=_at(world, 6, time(13, 15)),
        place="Politiebureau Noord, zaal 1",
        items=(
            ItemPlan(
                minutes=20,
                told=told["contactverbod"],
                discussion=DiscussionKind.FOLLOW_UP,
                seats=(
                    SeatPlan(organisation="VT", person="sanne"),
                    SeatPlan(organisation="POL", person="dennis", answer=YES),
                    SeatPlan(organisation="RN", person="thijs", answer=YES),
                ),
            ),
        ),
    )


def _open_papers(world: World, told: dict[str, ToldCase]) -> MeetingPlan:
    """Published yesterday, tomorrow morning at the table: the papers are open."""
    return MeetingPlan(
        table="act",
        starts_at=_at(world, 1, time(9, 30)),
        place="Politiebureau Noord, zaal 1",
        published_at=world.now - timedelta(hours=20),
        accepted=frozenset({"sanne", "dennis", "casper"}),
        unanswered=frozenset({"casper"}),
        items=(
            ItemPlan(
                minutes=20,
                told=told["weekend"],
                seats=(
                    SeatPlan(
                        organisation="VT", person="sanne", answer=YES, asked=True,
                        input=InputAnswer.TEXT,
                    ),
                    SeatPlan(organisation="POL", person="dennis", answer=YES),
                    SeatPlan(organisation="OM", person="casper", answer=YES),
                    SeatPlan(organisation="RvdK", person="yasmina", asked=True),
                ),
            ),
            ItemPlan(
                minutes=20,
                told=told["man-slachtoffer"],
                seats=(
                    SeatPlan(organisation="POL", person="dennis", answer=YES),
                    SeatPlan(organisation="VT", person="imane", answer=YES),
                    SeatPlan(organisation="SHN", person="samira", asked=True),
                ),
            ),
            ItemPlan(
                minutes=15,
                told=told["contactverbod"],
                seats=(
                    SeatPlan(organisation="OM", person="casper", answer=YES),
                    SeatPlan(organisation="RN", person="thijs"),
                    SeatPlan(organisation="VT", person="sanne", answer=YES),
                ),
            ),
        ),
    )  # fmt: skip


def _present(organisation: str, person: str, *, staff_only: bool = False) -> SeatPlan:
    return SeatPlan(
        organisation=organisation,
        person=person,
        answer=YES,
        presence=PresenceState.PRESENT,
        staff_only=staff_only,
    )


def _just_closed(world: World, told: dict[str, ToldCase]) -> MeetingPlan:
    """Closed three working days ago, with agreements and actions, some of them late."""
    starts_at = _at(world, -3, time(13, 0))
    return MeetingPlan(
        table="mda",
        starts_at=starts_at,
        place="Huis van de Delta, kamer 2.14",
        published_at=starts_at - timedelta(days=6),
        closed_at=starts_at + timedelta(hours=2, minutes=20),
        by="marit",
        accepted=frozenset({"sanne", "lotte", "eline", "dennis", "samira", "karin", "wilma"}),
        items=(
            OPENING,
            ItemPlan(
                minutes=50,
                told=told["vastgelopen"],
                seats=(
                    _present("VT", "sanne"),
                    _present("GI", "lotte"),
                    _present("GGZ", "eline"),
                    SeatPlan(
                        organisation="RN", person="thijs", answer=NO,
                        presence=PresenceState.ABSENT_NOTICE,
                    ),
                ),
                agreements=(
                    ("Casusregie blijft bij de jeugdbeschermer; Veilig Thuis houdt zicht op de "
                    "veiligheid tot de volgende bespreking."),
                    "Het veiligheidsplan krijgt een nieuwe steunfiguur, gekozen met de kinderen.",
                ),
                actions=(
                    DonePlan(
                        owner="lotte", safe="Steunfiguur regelen", due_in=-2,
                        full="Met beide kinderen een nieuwe steunfiguur kiezen en vastleggen.",
                    ),
                    DonePlan(
                        owner="eline", safe="Wachttijd bespreken", due_in=-1,
                        state=ActionState.STARTED,
                        full="Wachttijd voor agressieregulatie van vader bekorten.",
                    ),
                    DonePlan(
                        owner="sanne", safe="Veiligheidsplan bijwerken", due_in=4,
                        full="Veiligheidsplan bijwerken na het gesprek met de steunfiguur.",
                    ),
                ),
            ),
            ItemPlan(
                minutes=40,
                told=told["mannen"],
                seats=(
                    _present("SHN", "samira"), _present("VT", "sanne"),
                    _present("VZ", "karin"),
                ),
                agreements=("Beide partners krijgen een eigen contactpersoon.",),
                actions=(
                    DonePlan(
                        owner="samira", safe="Contactpersoon voorstellen", due_in=-1,
                        state=ActionState.DONE, full="Contactpersoon voor partner A voorstellen.",
                    ),
                    DonePlan(
                        owner="karin", safe="Startdatum behandeling melden", due_in=2,
                        full="Startdatum van de behandeling van partner B melden.",
                    ),
                ),
            ),
            ItemPlan(
                minutes=30,
                told=told["eer"],
                seats=(
                    _present("POL", "dennis"), _present("VT", "sanne"),
                    _present("VO", "wilma", staff_only=True),
                ),
                agreements=("Vertrek uit de opvang pas na een nieuwe veiligheidsweging.",),
                actions=(
                    DonePlan(
                        owner="dennis", safe="Aandachtsvestiging plaatsen", due_in=-3,
                        state=ActionState.NOT_POSSIBLE,
                        full="Aandachtsvestiging op het nieuwe adres plaatsen.",
                    ),
                    DonePlan(
                        owner="wilma", safe="Veiligheidsweging plannen", due_in=6,
                        full="Veiligheidsweging plannen met tante erbij.",
                    ),
                ),
            ),
            CLOSING,
        ),
    )  # fmt: skip
