"""A region laid row by row over nine quarters, with what goes otherwise now and then.

Six tables of five kinds; meetings that were cancelled or never closed, items taken off, timers that
ran twice, cases that come back, seats nobody called, input and actions late or never.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from app.domain.kinds import (
    ActionState,
    InputAnswer,
    OrganisationKind,
    PresenceState,
    ReferralState,
    TableKind,
)
from app.domain.local_time import local_date
from app.domain.report import later
from app.models import (
    Action,
    ActionEvent,
    Case,
    CaseTable,
    DailyCount,
    ExclusionOrder,
    Handover,
    InputRequest,
    ItemOutcome,
    Organisation,
    Person,
    Referral,
    Screening,
    TermRequest,
)
from tests import builders

QUARTERS = [later(date(2025, 1, 1), number) for number in range(9)]
AFTERWARDS = datetime(2027, 4, 20, 9, tzinfo=UTC)
# Name, prefix, kind, meetings in a quarter, cases in a meeting, how often everybody is there.
TABLES = (
    ("MDA++ Noord", "MDA", TableKind.MDA, 3, 5, 0.9),
    ("MDA++ Zuid", "MDB", TableKind.MDA, 2, 3, 0.2),
    ("ZSM Deltaland", "ZSM", TableKind.ZSM, 4, 4, 0.7),
    ("Zorg- en Veiligheidshuis", "ZVH", TableKind.SAFETY_HOUSE, 2, 4, 0.5),
    ("Spoedteam", "SPO", TableKind.SCREENING, 1, 1, 0.5),
    ("Huisverboden", "THV", TableKind.EXCLUSION_ORDER, 1, 1, 0.5),
)
PARTNERS = (
    ("GEM", OrganisationKind.MUNICIPALITY),
    ("POL", OrganisationKind.POLICE),
    ("GGZ", OrganisationKind.MENTAL_HEALTH),
    ("OMI", OrganisationKind.PROSECUTION),
)
OUTCOMES = {
    TableKind.ZSM: ("advice-given", "no-advice"),
    TableKind.SAFETY_HOUSE: ("pga", "no-pga"),
    TableKind.MDA: ("plan-agreed", "goals-met"),
}
ENDED = (ReferralState.ACCEPTED, ReferralState.ADVISED, ReferralState.REFUSED)


@dataclass
class Region:
    """What was laid, as far as a test speaks of it."""

    chance: Random
    tables: list[CaseTable] = field(default_factory=list)
    partners: list[Organisation] = field(default_factory=list)
    chairs: list[Person] = field(default_factory=list)
    cases: dict[object, list[Case]] = field(default_factory=dict)

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def moment(self, quarter_on: date) -> datetime:
        """Somewhen in a quarter, now and then within two hours of where it begins or ends."""
        first = datetime(quarter_on.year, quarter_on.month, 1, tzinfo=UTC)
        if self.often(0.05) and quarter_on > QUARTERS[0]:
            hours = self.chance.choice((-3, 2))
            return first + timedelta(hours=hours, seconds=self.chance.randrange(3000))
        return first + timedelta(
            days=self.chance.randrange(88), minutes=self.chance.randrange(1440)
        )


def laid(seed: int) -> Region:
    region = Region(Random(seed))
    with builders.together():
        # The same ids each time: of two numbers as small as each other the first is hidden.
        region.partners = [
            builders.organisation(code, kind, id=uuid.UUID(int=number))
            for number, (code, kind) in enumerate(PARTNERS, start=1)
        ]
        for number, (name, prefix, kind, *_) in enumerate(TABLES, start=11):
            made = builders.table(name, prefix, kind=kind, id=uuid.UUID(int=number))
            region.tables.append(made)
            region.chairs.append(builders.chair(region.partners[0], made))
            region.cases[made.id] = []
        for quarter_on in QUARTERS:
            for at in range(len(TABLES)):
                _meetings(region, at, quarter_on)
            _handovers(region, quarter_on)
            _without_case(region, quarter_on)
    return region


def _meetings(region: Region, at: int, quarter_on: date) -> None:
    table, (*_, meetings, cases, whole) = region.tables[at], TABLES[at]
    for _ in range(max(0, meetings + region.chance.choice((-1, 0, 0, 0, 1)))):
        starts_at = region.moment(quarter_on)
        held = builders.meeting(
            table,
            starts_at=starts_at,
            closed_at=None if region.often(0.05) else starts_at + timedelta(hours=3),
            cancelled_at=starts_at if region.often(0.1) else None,
        )
        about = [_case(region, at, starts_at) for _ in range(cases)]
        for case in {one.id: one for one in about}.values():
            _item(region, at, held, case, whole)


def _case(region: Region, at: int, starts_at: datetime) -> Case:
    """One that was there before, or one that came shortly before its meeting."""
    table, known = region.tables[at], region.cases[region.tables[at].id]
    elsewhere = region.cases[region.tables[0].id]
    if at == 3 and elsewhere and region.often(0.2):
        return region.chance.choice(elsewhere)
    if known and region.often(0.4):
        return region.chance.choice(known)
    came = starts_at - timedelta(days=region.chance.choice((-1, 3, 6, 8, 9, 13, 20, 45)))
    made = builders.case(table, region.partners[0], question=None, created_at=came)
    known.append(made)
    if region.often(0.6):
        sent = came - timedelta(days=region.chance.randrange(9))
        decided = sent + timedelta(days=region.chance.randrange(30))
        is_decided = region.often(0.8)
        builders.save(
            Referral(
                case_id=made.id, table_id=table.id, person_id=region.chairs[at].id,
                organisation_id=region.chance.choice(region.partners[:3]).id, started_at=sent,
                changed_at=sent, sent_at=sent, decided_at=decided if is_decided else None,
                state=region.chance.choice(ENDED) if is_decided else ReferralState.SENT,
            )
        )  # fmt: skip
    return made


def _item(region: Region, at: int, held, case: Case, whole: float) -> None:
    chance, chair = region.chance, region.chairs[at]
    opened = held.starts_at + timedelta(minutes=chance.randrange(60))
    ran = timedelta(minutes=chance.randrange(5, 55), seconds=chance.choice((0, 29, 31)))
    item = builders.item(
        held, case, minutes=chance.choice((15, 30)),
        opened_at=None if region.often(0.05) else opened,
        closed_at=None if region.often(0.05) else opened + ran,
        reopened_at=opened + ran if region.often(0.1) else None,
        removed_at=held.starts_at if region.often(0.05) else None,
        extra_minutes=chance.choice((0, 0, 5)), paused_seconds=chance.choice((0, 0, 95)),
    )  # fmt: skip
    everybody, is_called = region.often(whole), not region.often(0.05)
    # The third is not at every item, the last at some of one table.
    partners = region.partners[: chance.choice((2, 3))]
    if at == 2 and region.often(0.5):
        partners = [*partners, region.partners[3]]
    for partner in partners:
        _seat(region, item, partner, chair, everybody=everybody, is_called=is_called)
    if codes := OUTCOMES.get(TABLES[at][2]):
        for code in sorted({chance.choice(codes), chance.choice(codes)}):
            builders.save(
                ItemOutcome(
                    item_id=item.id, case_id=case.id, table_id=held.table_id, code=code,
                    recorded_by_id=chair.id, recorded_at=held.starts_at,
                    taken_back_at=held.starts_at if region.often(0.1) else None,
                )
            )  # fmt: skip
    for _ in range(chance.choice((0, 1, 1, 2))):
        _action(region, at, item, case)


def _seat(region: Region, item, partner, chair, *, everybody: bool, is_called: bool) -> None:
    chance = region.chance
    seen = PresenceState.PRESENT if everybody else chance.choice(tuple(PresenceState))
    made = builders.seat(
        item, partner, presence=seen if is_called else None,
        invited_at=None if region.often(0.05) else item.starts_at,
        removed_at=item.starts_at if region.often(0.05) else None,
    )  # fmt: skip
    if region.often(0.5):
        due = item.starts_at - timedelta(days=5)
        after = chance.choice((None, -2, -1, 0, 0, 2))
        answered = None if after is None else due + timedelta(hours=after)
        builders.save(
            InputRequest(
                seat_id=made.id, asked_by_id=chair.id, asked_at=due - timedelta(days=9),
                deadline_at=due, answered_at=answered,
                answer=answered and chance.choice((InputAnswer.TEXT, InputAnswer.NOT_KNOWN)),
                withdrawn_at=due if region.often(0.1) else None,
            )
        )  # fmt: skip


def _action(region: Region, at: int, item, case: Case) -> None:
    chance, due = region.chance, item.starts_at + timedelta(days=region.chance.randrange(1, 40))
    state = chance.choice((*ActionState, ActionState.DONE, ActionState.DONE, ActionState.DONE))
    is_over = state not in (ActionState.OPEN, ActionState.STARTED)
    finished = due + timedelta(hours=chance.choice((-60, -30, -1, 0, 1, 30))) if is_over else None
    made = builders.save(
        Action(
            item_id=item.id, case_id=case.id, table_id=case.table_id, safe_ct=b"-",
            organisation_id=chance.choice(region.partners).id, due_on=local_date(due),
            due_at=due if region.often(0.2) else None, state=state, finished_at=finished,
            recorded_by_id=region.chairs[at].id, recorded_at=item.starts_at,
            taken_back_at=due if region.often(0.05) else None,
        )
    )  # fmt: skip
    if region.often(0.3):
        event = builders.save(
            ActionEvent(action_id=made.id, at=due, recorded_by_id=region.chairs[at].id)
        )
        builders.save(
            TermRequest(
                action_id=made.id, event_id=event.id, asked_by_id=region.chairs[at].id, asked_at=due,
                until_on=local_date(due),
            )
        )  # fmt: skip


def _handovers(region: Region, quarter_on: date) -> None:
    """From either MDA++ to the safety house: within the term, after it, refused, never answered."""
    for at in (0, 0, 0, 0, 0, 0, 1, 1, 1):
        due = region.moment(quarter_on)
        ended = region.chance.choice(
            ("within", "within", "last", "late", "never", "refused", "gone")
        )
        hours = {"within": -5, "last": 0, "late": 9}.get(ended)
        lies_at = region.tables[at if hours is None else 3]
        came = region.moment(quarter_on)
        case = builders.case(lies_at, region.partners[0], question=None, created_at=came)
        after = due + timedelta(hours=1)
        builders.save(
            Handover(
                case_id=case.id, from_table_id=region.tables[at].id, to_table_id=region.tables[3].id,
                proposed_by_id=region.chairs[at].id, proposed_at=due - timedelta(hours=48), due_at=due,
                accepted_at=None if hours is None else due + timedelta(hours=hours),
                refused_at=after if ended == "refused" else None,
                withdrawn_at=after if ended == "gone" else None,
            )
        )  # fmt: skip


def _without_case(region: Region, quarter_on: date) -> None:
    """The lines of a day's list and its chats, and orders that were served."""
    on_list, orders = region.tables[4], region.tables[5]
    for number in range(region.chance.randrange(1, 6)):
        day = local_date(region.moment(quarter_on)) if number else quarter_on
        case = builders.case(on_list, region.partners[0], question=None, created_at=AFTERWARDS)
        builders.save(
            Screening(
                case_id=case.id, table_id=on_list.id, listed_on=day, is_urgent=False,
                listed_by_id=region.chairs[4].id,
            )
        )  # fmt: skip
    for code in ("chats", "calls"):
        builders.save(
            DailyCount(
                table_id=on_list.id, code=code, counted_on=later(quarter_on, 0),
                amount=region.chance.randrange(12), recorded_by_id=region.chairs[4].id,
                recorded_at=AFTERWARDS,
            )
        )  # fmt: skip
    for _ in range(region.chance.randrange(4)):
        case = builders.case(orders, region.partners[0], question=None, created_at=AFTERWARDS)
        served = region.moment(quarter_on)
        builders.save(
            ExclusionOrder(
                case_id=case.id, table_id=orders.id, served_at=served,
                ends_at=served + timedelta(days=10), recorded_by_id=region.chairs[5].id,
            )
        )  # fmt: skip
