"""Referrals and handovers by chance: who has the duty for a case, kept beside the product's own.

The bookkeeping here knows nothing of the product's states but the acts that were let through.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from app.access import load_actor, scopes
from app.access.referrals import handover_scopes, overdue, triage
from app.domain.errors import NotPermitted, NotVisible, Refusal
from app.domain.kinds import (
    CaseState,
    OrganisationKind,
    ReferralState,
    TableKind,
    TaskKind,
)
from app.features.handovers import answering, proposing
from app.features.tasks import service as tasks
from app.features.triage import inbox, service
from app.infra import clock, outbox, wall
from app.infra.db import reading, transaction
from app.models import Case, CaseClock, Handover, Referral, ReferralQuestion, Task
from tests import builders
from tests.triage import refer

REFUSED = (Refusal, NotVisible, NotPermitted)
KINDS = (TableKind.MDA, TableKind.ACTION, TableKind.SAFETY_HOUSE)
TABLE, TEAM, NOBODY = "table", "team", "nobody"
MOST_CASES, AT_FIRST, MOSTLY = 14, 4, 0.8
ACTS = [
    "take_up", "ask_back", "ask_back", "answer_back", "answer_back", "accept", "refuse", "refuse",
    "withdraw", "propose", "propose", "propose", "take_back", "accept_handover", "accept_handover",
    "accept_handover", "refuse_handover", "bar", "time_passes", "time_passes",
]  # fmt: skip
OPEN = {ReferralState.SENT, ReferralState.IN_TRIAGE, ReferralState.RETURNED}


@dataclass
class Duty:
    """What ought to hold of one case: who has the duty, and where its referral stands."""

    case_id: UUID
    referral_id: UUID
    kind: str
    of: UUID | None
    table_id: UUID
    state: ReferralState
    offered_to: UUID | None = None
    # Where its referral stays once judged: where the case goes from there it does not follow.
    judged_at: UUID | None = None
    barred: set[UUID] = field(default_factory=set)

    @property
    def is_judged(self) -> bool:
        return self.state in OPEN


class Duties:
    """Three tables with two staff each, two teams with two people, and whoever refers."""

    def __init__(self, frozen, seed: int) -> None:
        self.frozen, self.chance, self.cases = frozen, Random(seed), []
        self.tries, self.done = "", Counter()
        with builders.together():
            self._build()

    def _build(self) -> None:
        host = builders.organisation("GEM", OrganisationKind.MUNICIPALITY)
        office = builders.organisation("BEH", OrganisationKind.MUNICIPALITY)
        self.administrator = builders.person(office, is_administrator=True)
        self.police = builders.organisation("POL", OrganisationKind.POLICE)
        self.tables = [
            builders.table(f"Tafel {kind.value}", f"T{number}", kind=kind, kind_code=kind.value)
            for number, kind in enumerate(KINDS, 1)
        ]
        self.staff = {
            one.id: [builders.chair(host, one), builders.coordinator(host, one)]
            for one in self.tables
        }
        for at in self.tables:
            builders.covenant(self.police, at)
        self.referrer = builders.representative(self.police, self.tables[0])
        self.teams = {}
        for code in ("LT1", "LT2"):
            of = builders.organisation(code, OrganisationKind.LOCAL_TEAM)
            builders.covenant(of, self.tables[0])
            self.teams[of.id] = [builders.representative(of, self.tables[0]) for _one in range(2)]
        self.people = [
            *(who for some in (*self.staff.values(), *self.teams.values()) for who in some)
        ]

    # --- Acts: each says whether it was let through, and what ought to hold from then on ----------

    def step(self) -> None:
        """One act by chance, and a look at everything."""
        live = sum(one.kind is TABLE for one in self.cases)
        full = live >= AT_FIRST or len(self.cases) >= MOST_CASES
        name = self.chance.choice(ACTS) if full else "refer"
        self.tries = name
        getattr(self, name)()
        self.check()

    def refer(self) -> None:
        at = self.chance.choice(self.tables)
        made = refer(at, self.referrer, self.police, family_informed=True)
        self.cases.append(
            Duty(made.case.id, made.referral.id, TABLE, at.id, at.id, ReferralState.SENT)
        )

    def _as(self, who, act: Callable[[object], object]) -> bool:
        with reading() as session:
            actor = load_actor(session, who.id, now=clock.now())
        try:
            with wall.acting_as(who.id):
                act(actor)
        except REFUSED:
            return False
        self.done[self.tries] += 1
        return True

    def _somebody(self):
        """A case that goes on, most often, and somebody who may, most often."""
        # What is offered and not judged yet can go three ways at once: that is asked most.
        offered = [one for one in self.cases if one.offered_to and one.is_judged]
        going = [one for one in self.cases if one.kind is TABLE]
        live = offered if offered and self.chance.random() > MOSTLY / 2 else going
        one = self.chance.choice(live if live and self.chance.random() < MOSTLY else self.cases)
        may = self.staff.get(one.of, self.people)
        return one, self.chance.choice(may if self.chance.random() < MOSTLY else self.people)

    def _judge(self, act: Callable[[object, UUID], object], to: ReferralState) -> None:
        """Any of the staff of any table tries; only who serves where it lies may succeed."""
        one, who = self._somebody()
        if self._as(who, lambda actor: act(actor, one.referral_id)):
            assert one.is_judged
            assert one.state is not to
            assert one.kind is TABLE
            assert who in self.staff[one.of]
            assert who.id not in one.barred
            one.state = to
            if to in (ReferralState.ADVISED, ReferralState.REFUSED):
                self._end(one)

    def _end(self, one: Duty) -> None:
        one.kind, one.of, one.offered_to = NOBODY, None, None

    def take_up(self) -> None:
        self._judge(service.take_up, ReferralState.IN_TRIAGE)

    def ask_back(self) -> None:
        self._judge(lambda a, r: service.ask_back(a, r, "Vraag?"), ReferralState.RETURNED)

    def accept(self) -> None:
        given = service.Acceptance(reason="Toch")
        self._judge(lambda a, r: service.accept(a, r, given), ReferralState.ACCEPTED)

    def refuse(self) -> None:
        if self.chance.random() < MOSTLY / 2:
            return
        to = self.chance.choice([ReferralState.ADVISED, ReferralState.REFUSED])
        self._judge(lambda a, r: service.decline(a, r, to, "Niet hier."), to)

    def answer_back(self) -> None:
        one = self.chance.choice(self.cases)
        with reading() as session:
            open_ones = session.scalars(
                select(ReferralQuestion.id)
                .where(
                    ReferralQuestion.referral_id == one.referral_id,
                    ReferralQuestion.answered_at.is_(None),
                )
                .order_by(ReferralQuestion.id)
            ).all()
        if open_ones and self._by_referrer(one, triage.answer_back, open_ones[0], "Antwoord"):
            assert one.is_judged
            if one.state is ReferralState.RETURNED:
                one.state = ReferralState.IN_TRIAGE

    def withdraw(self) -> None:
        one, _staff = self._somebody()
        if self.chance.random() > MOSTLY / 2 and self._by_referrer(
            one, triage.withdraw, "Opgelost"
        ):
            assert one.is_judged
            one.state = ReferralState.WITHDRAWN
            self._end(one)

    def _by_referrer(self, one: Duty, act, *more) -> bool:
        def doing(actor) -> None:
            with transaction() as session:
                act(session, actor, session.get_one(Referral, one.referral_id), *more)

        return self._as(self.referrer, doing)

    def propose(self) -> None:
        one, who = self._somebody()
        to = self.chance.choice([*self.staff, *self.teams])
        where = {"to_table_id": to} if to in self.staff else {"to_organisation_id": to}
        new = proposing.Proposal(reason="Past daar beter", **where)
        if self._as(who, lambda actor: proposing.propose(actor, one.case_id, new)):
            assert one.kind is TABLE
            assert one.offered_to is None
            assert who in self.staff[one.of]
            assert who.id not in one.barred
            assert to != one.of
            assert any(each.id not in one.barred for each in self._receivers(to))
            one.offered_to = to

    def _live(self, one: Duty) -> Handover | None:
        with reading() as session:
            return session.scalars(
                select(Handover).where(
                    Handover.case_id == one.case_id, handover_scopes.is_unanswered()
                )
            ).one_or_none()

    def take_back(self) -> None:
        one, who = self._somebody()
        live = self._live(one)
        if live and self._as(who, lambda a: proposing.withdraw(a, one.case_id, live.id)):
            assert who in self.staff[one.of]
            assert who.id not in one.barred
            one.offered_to = None

    def accept_handover(self) -> None:
        self._answer(answering.accept, moves=True)

    def refuse_handover(self) -> None:
        self._answer(lambda actor, task: answering.refuse(actor, task, "Past hier niet"))

    def _answer(self, act, *, moves: bool = False) -> None:
        """Whoever was ever given a task of it tries, also after it was settled."""
        offered = [one for one in self.cases if one.offered_to] or self.cases
        one = self.chance.choice(offered)
        with reading() as session:
            given = session.execute(
                select(Task.id, Task.person_id)
                .where(Task.case_id == one.case_id, Task.kind == TaskKind.HANDOVER)
                .order_by(Task.granted_at, Task.id)
            ).all()
        if not given:
            return
        task_id, person_id = self.chance.choice(given)
        who = next(each for each in self.people if each.id == person_id)
        self._as(who, lambda actor: tasks.accept(actor, task_id))
        if self._as(who, lambda actor: act(actor, task_id)):
            assert who in self._receivers(one.offered_to)
            assert who.id not in one.barred
            if moves:
                self._moved(one)
            one.offered_to = None

    def _moved(self, one: Duty) -> None:
        if one.state not in OPEN:
            one.judged_at = one.judged_at or one.table_id
        one.of = one.offered_to
        one.state = ReferralState.ACCEPTED
        if one.of in self.staff:
            one.table_id = one.of
        else:
            one.kind = TEAM

    def _receivers(self, to: UUID) -> list:
        return self.staff.get(to) or self.teams[to]

    def bar(self) -> None:
        one, who = self._somebody()
        if who.id not in one.barred and self.chance.random() > MOSTLY / 2:
            with reading() as session:
                case = session.get_one(Case, one.case_id)
                session.expunge(case)
            builders.recusal(who, case)
            one.barred.add(who.id)

    def time_passes(self) -> None:
        self.frozen.advance(timedelta(hours=self.chance.randint(1, 60)))
        outbox.drain(most=200)
        self.worked_at = clock.now()

    # --- What must hold ---------------------------------------------------------------------------

    def check(self) -> None:
        with reading() as session:
            cases = {one.id: one for one in session.scalars(select(Case))}
            referrals = {one.case_id: one for one in session.scalars(select(Referral))}
            handovers = session.scalars(
                select(Handover).where(handover_scopes.is_unanswered())
            ).all()
            clocks = session.scalars(select(CaseClock)).all()
        waiting = {one.case_id: one for one in handovers}
        assert len(waiting) == len(handovers)
        for one in self.cases:
            self._check_duty(one, cases[one.case_id], referrals[one.case_id])
            handover = waiting.get(one.case_id)
            assert (handover is not None) == (one.offered_to is not None)
            if handover is not None:
                assert one.offered_to in (handover.to_table_id, handover.to_organisation_id)
                assert handover.from_table_id == one.of
        self._check_lists(waiting)
        self._check_escalation(waiting, clocks)

    def _check_duty(self, one: Duty, case: Case, referral: Referral) -> None:
        """Exactly one has the duty; what ended is nobody's; both states go together."""
        assert case.table_id == one.table_id
        assert referral.table_id == (one.judged_at or one.table_id)
        assert (case.team_id is not None) == (one.kind is TEAM)
        if one.kind is TEAM:
            assert case.team_id == one.of
        is_over = case.state in (CaseState.CLOSED, CaseState.REFUSED)
        assert is_over == (one.kind is not TABLE), (case.state, one)
        assert is_over == (case.closed_at is not None)
        assert referral.state is one.state
        if one.kind is TABLE:
            assert case.state is triage.STATES[one.state]

    def _check_lists(self, waiting: dict) -> None:
        """Whoever serves where it stands, and nobody else, finds it; a sender its handover."""
        for table_id, staff in self.staff.items():
            for who in staff:
                seen, judged, offered, sent = self._lists_of(who)
                mine = [
                    one
                    for one in self.cases
                    if one.table_id == table_id and who.id not in one.barred
                ]
                assert seen == {one.case_id for one in mine}
                assert judged == {
                    one.referral_id for one in mine if one.is_judged and one.kind is TABLE
                }
                expected = {
                    one.case_id
                    for one in self.cases
                    if one.offered_to == table_id and who.id not in one.barred
                }
                assert offered == expected
                assert sent == {one.case_id for one in mine if one.offered_to is not None}

    def _lists_of(self, who):
        with reading() as session:
            actor = load_actor(session, who.id, now=clock.now())
        with wall.acting_as(who.id), reading() as session:
            now = clock.now()
            seen = set(
                session.scalars(scopes.staff_cases(actor, now=now).with_only_columns(Case.id))
            )
            offered = {
                row.Case.id
                for row in session.execute(
                    handover_scopes.offered_handovers(actor, now=now).where(
                        handover_scopes.is_unanswered()
                    )
                )
            }
            sent = {
                one.case_id
                for one in session.scalars(
                    handover_scopes.sent_handovers(actor, now=now).where(
                        handover_scopes.is_unanswered()
                    )
                )
            }
        with wall.acting_as(who.id):
            page = inbox.inbox(actor, inbox.Asked())
        assert len(page.offers) == len(offered)
        return seen, {line.id for line in page.lines}, offered, sent

    def _check_escalation(self, waiting: dict, clocks: list) -> None:
        """What is late was told by the worker's last round: to somebody, or that nobody is left."""
        worked_at = getattr(self, "worked_at", None)
        if worked_at is None:
            return
        for handover in waiting.values():
            if handover.due_at <= worked_at and handover.proposed_at < worked_at:
                assert handover.told_at is not None
        for one in self.cases:
            for running in clocks:
                runs = running.met_at is None and running.ended_at is None
                if running.case_id != one.case_id or not runs:
                    continue
                assert one.kind is TABLE
                assert running.table_id == one.of
                if running.due_at <= worked_at:
                    assert running.told_at is not None
                    self._check_told(one, running)

    def _check_told(self, one: Duty, running: CaseClock) -> None:
        with reading() as session:
            rows = session.scalars(
                select(outbox.OutboxRow).where(
                    outbox.OutboxRow.unique_key.contains(f":{running.id}:"),
                    outbox.OutboxRow.kind.in_((overdue.TOLD, overdue.ALONE)),
                )
            ).all()
        assert rows, (one, running.due_at)
