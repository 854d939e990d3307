"""What is done with the other grounds: tasks, guests, emergencies, and the case going elsewhere."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select, update

from app.access.referrals.handovers import Proposal
from app.access.seats.acquaintances import shown_of
from app.access.seats.newcomers import Newcomer
from app.domain.kinds import TableRoleName, TaskKind
from app.domain.local_time import local_date
from app.features.emergency import service as emergencies
from app.features.handovers import answering, proposing
from app.features.seats import deciding, guests
from app.features.tasks import giving
from app.features.tasks import service as tasks
from app.infra import clock
from app.infra.db import transaction
from app.models import Disclosure, Person, TableRole, Task
from tests.model.acts_at_the_table import AtTheTable
from tests.model.history import ASKED, PARTNERS, SEATS, SECTIONS, hours_of, sections_of
from tests.model.rule import FOREVER, midnight

KINDS = (TaskKind.INFORMATION_REQUEST, TaskKind.SECRETARY, TaskKind.CASE_LEAD)
GUEST = Newcomer(name="G. Gast", email="gast@ggz.example", is_outside=True)
MANY = 2
one_of_them = st.integers(0, 7)


def there_are_tasks(self) -> bool:
    return bool(self.rule.tasks)


class OnGrounds(AtTheTable):
    """A task is known by its id, as a seat is by its name."""

    @property
    def giver(self) -> str:
        return "stranger" if self.rule.moved else "coordinator"

    def picked(self, which: int) -> UUID:
        """One of the tasks there are."""
        there = list(self.rule.tasks)
        return there[which % len(there)]

    @rule(
        who=st.sampled_from((*PARTNERS, "guest")),
        kind=st.sampled_from(KINDS),
        names=sections_of,
        hours=hours_of,
        at_once=st.booleans(),
    )
    def give_task(
        self, who: str, kind: TaskKind, names: set[str], hours: int, at_once: bool
    ) -> None:
        """Accepted right away one of two times, as far as it is open by then."""
        is_lead = kind is TaskKind.CASE_LEAD
        until = FOREVER if is_lead else self.in_hours(hours)
        given = giving.Given(
            person_id=self.id_of(who),
            kind=kind,
            reason="Advies",
            section_ids=self.ids_of(names),
            opens_question=False,
            until=None if is_lead else until,
            item_id=self.world.item.id if kind is TaskKind.SECRETARY else None,
        )
        if not self.give(given, who, until):
            return
        if is_lead:
            # Whose task has no end has an account without one.
            self.rule.guests.discard(who)
        if at_once:
            self.accept_it(next(reversed(self.rule.tasks)))

    def give(self, given: giving.Given, who: str, until) -> bool:
        made: list[UUID] = []
        act = lambda: made.append(giving.give(self.actor(self.giver), self.world.case.id, given))  # noqa: E731  # fmt: skip
        if not self.done(act):
            return False
        plan = {"children"} if given.kind is TaskKind.CASE_LEAD else set()
        named = {one for one in SECTIONS if self.id_of(one) in given.section_ids}
        self.note(made[0], who, named | plan, kind=given.kind, until=until)
        return True

    def note(self, task: UUID, who: str, names: set[str], *, kind: TaskKind, until) -> None:
        self.rule.tasks[task] = {
            "person": who,
            "organisation": self.rule.organisation[who],
            "until": until,
            "accepted": False,
            "at_item": kind in {TaskKind.SECRETARY, TaskKind.GUEST},
            "kind": kind,
        }
        self.rule.disclosed |= {(task, one) for one in names}
        self.rule.given |= {(task, one): clock.now() for one in names}

    @rule(names=sections_of)
    def invite_guest(self, names: set[str]) -> None:
        """The account stands at once; making it is not what is looked at here."""
        made: list[UUID] = []
        new = guests.NewGuest(
            who=GUEST,
            organisation_id=self.id_of("care_organisation"),
            reason="Advies",
            section_ids=self.ids_of(names),
            opens_question=False,
        )
        act = lambda: made.append(guests.invite(self.actor("coordinator"), self.world.item.id, new))  # noqa: E731  # fmt: skip
        if not self.done(act):
            return
        with transaction() as session:
            found = select(Person.id).where(Person.email == GUEST.email)
            self.guest_id = session.scalars(found).one()
        if "guest" not in self.rule.active:
            self.store(update(Person).where(Person.id == self.guest_id).values(state="active"))
            self.rule.active.add("guest")
            self.rule.guests.add("guest")
        self.note(made[0], "guest", names, kind=TaskKind.GUEST, until=None)

    @precondition(there_are_tasks)
    @rule(which=one_of_them)
    def accept_task(self, which: int) -> None:
        self.accept_it(self.picked(which))

    def accept_it(self, task: UUID) -> None:
        """Of case leads there is one: who accepted last, by name."""
        what = self.rule.tasks[task]
        if not self.done(lambda: tasks.accept(self.actor(what["person"]), task)):
            return
        if what["kind"] is TaskKind.CASE_LEAD and not what["accepted"]:
            self.rule.tasks = {
                one: other for one, other in self.rule.tasks.items() if not self.leads(one)
            }
        what["accepted"] = True

    @precondition(there_are_tasks)
    @rule(which=one_of_them, knows=st.booleans())
    def answer_at_task(self, which: int, knows: bool) -> None:
        self.answered_task(self.picked(which), knows=knows)

    def answered_task(self, task: UUID, *, knows: bool) -> None:
        who = self.rule.tasks[task]["person"]
        said, shown = ("somebody" if knows else "nobody"), [shown_of(self.identity()).mark]
        if not self.done(lambda: tasks.answer(self.actor(who), task, said, shown=shown)):
            return
        if knows:
            self.stepped_back(who)
        else:
            self.rule.declared.add((who, "identity"))

    @precondition(there_are_tasks)
    @rule(which=one_of_them, by_staff=st.booleans())
    def end_task(self, which: int, by_staff: bool) -> None:
        task = self.picked(which)
        who = self.rule.tasks[task]["person"]
        if by_staff:
            act = lambda: giving.end(self.actor(self.giver), self.world.case.id, task)  # noqa: E731
        else:
            act = lambda: tasks.give_back(self.actor(who), task)  # noqa: E731
        if self.done(act):
            del self.rule.tasks[task]

    def waiting(self) -> list[tuple[str | UUID, str]]:
        """Readers whose source is asked, at seats and by tasks."""
        rule = self.rule
        given = [(at, one) for at in (*SEATS, *rule.tasks) for one in sorted(ASKED)]
        return [
            (at, one)
            for at, one in given
            if (at, one) in rule.disclosed and (one in rule.secret or one in rule.asks)
        ]

    @precondition(waiting)
    @rule(which=one_of_them, answer=st.sampled_from(("yes", "no", "until")))
    def source_decides(self, which: int, answer: str) -> None:
        """A yes may end: the day after tomorrow is its last."""
        waiting = self.waiting()
        at, section = waiting[which % len(waiting)]
        last_on = local_date(clock.now() + timedelta(days=2)) if answer == "until" else None
        said = deciding.Said(allow=answer != "no", basis="consent", last_on=last_on)
        if not self.done(lambda: self._decide(at, section, said)):
            return
        if said.allow:
            ends = midnight(last_on + timedelta(days=1)) if last_on else FOREVER
            self.rule.decided[at, section] = ends
        else:
            self.shut(at, section)

    @precondition(waiting)
    @rule(which=one_of_them)
    def yes_runs_out(self, which: int) -> None:
        self.source_decides(which, answer="until")
        self.time_passes(3 * 24 * 60)

    def _decide(self, at: str | UUID, section: str, said: deciding.Said) -> None:
        actor, section_id = self.actor(ASKED[section]), self.id_of(section)
        if at not in SEATS:
            deciding.decide_task(actor, at, section_id, said)
            return
        given = select(Disclosure.id).where(
            Disclosure.seat_id == self.id_of(at), Disclosure.section_id == section_id,
            Disclosure.withdrawn_at.is_(None),
        )  # fmt: skip
        with transaction() as session:
            found = session.scalars(given).one()
        deciding.decide(actor, found, allow=said.allow, basis=said.basis, last_on=said.last_on)

    @precondition(lambda self: len(self.rule.emergencies) < MANY)
    @rule(
        who=st.sampled_from(("police_colleague", "police_colleague", "care")),
        stops_at_once=st.booleans(),
    )
    def open_in_emergency(self, who: str, stops_at_once: bool) -> None:
        made: list[UUID] = []
        act = lambda: made.append(emergencies.open_case(self.actor(who), self.world.case.reference, "Acuut gevaar"))  # noqa: E731  # fmt: skip
        if self.done(act):
            self.rule.emergencies[made[0]] = (who, clock.now() + timedelta(minutes=15))
            if stops_at_once:
                self.stop_reading()

    @precondition(lambda self: self.rule.emergencies)
    @rule()
    def stop_reading(self) -> None:
        for reading_id, (who, _) in list(self.rule.emergencies.items()):
            if self.done(lambda one=reading_id, by=who: emergencies.end(self.actor(by), one)):
                del self.rule.emergencies[reading_id]

    @precondition(there_are_tasks)
    @rule(which=one_of_them)
    def kept_out_for_a_while(self, which: int) -> None:
        """What ended by an exclusion does not come back with its end."""
        who = self.rule.tasks[self.picked(which)]["person"]
        self.exclude(who, hours=None)
        self.end_exclusion(who)

    @rule(seat=st.sampled_from(SEATS), hours=hours_of)
    def stand_in_to_the_end(self, seat: str, hours: int) -> None:
        self.hand_over(seat, None, None, hours=hours)
        self.time_passes(hours * 60)

    @precondition(lambda self: self.rule.emergencies)
    @rule()
    def nobody_is_named_for_emergencies(self) -> None:
        """Whoever is reading just then stops."""
        named = update(TableRole).where(
            TableRole.role == TableRoleName.EMERGENCY_READER, TableRole.until_at.is_(None)
        )
        self.store(named.values(until_at=clock.now()))
        self.rule.emergency_readers.clear()

    @precondition(lambda self: any(self.leads(one) for one in self.rule.tasks))
    @rule(who=st.sampled_from(PARTNERS))
    def next_lead(self, who: str) -> None:
        self.give_task(who, TaskKind.CASE_LEAD, names=set(), hours=0, at_once=True)

    def leads(self, task: UUID) -> bool:
        what = self.rule.tasks[task]
        return what["kind"] is TaskKind.CASE_LEAD and what["accepted"]

    @precondition(lambda self: self.rule.published and not self.rule.closed)
    @rule()
    def close_and_offer(self) -> None:
        """Seats at what was discussed stay theirs, while the case stands elsewhere."""
        self.close(sure=0)
        self.offer_case(set(), at_once=0)

    @rule(names=sections_of, at_once=st.integers(0, 2))
    def offer_case(self, names: set[str], at_once: int) -> None:
        """To whoever serves the other table; sometimes, and on the way back, taken over at once."""
        to, people = ("table", ("chair", "coordinator")) if self.rule.moved else ("other_table", ("stranger",))  # fmt: skip
        new = Proposal(
            reason="Past beter daar",
            to_table_id=self.id_of(to),
            section_ids=self.ids_of(names),
            opens_question=False,
        )
        made: list[UUID] = []
        act = lambda: made.append(proposing.propose(self.actor(self.giver), self.world.case.id, new))  # noqa: E731  # fmt: skip
        if not self.done(act):
            return
        with transaction() as session:
            given = select(Task.person_id, Task.id).where(Task.handover_id == made[0])
            tasks_of = dict(session.execute(given).all())
        for who in people:
            if self.id_of(who) in tasks_of:
                task = tasks_of[self.id_of(who)]
                self.note(task, who, names, kind=TaskKind.HANDOVER, until=FOREVER)
        if self.rule.moved or not at_once:
            task = next(reversed(self.rule.tasks))
            self.accept_it(task)
            self.answered_task(task, knows=False)
            self.taken_over(task)

    @precondition(there_are_tasks)
    @rule(which=one_of_them)
    def take_over(self, which: int) -> None:
        self.taken_over(self.picked(which))

    def taken_over(self, task: UUID) -> None:
        """What was not used at the table it leaves closes there: seats, papers, tasks."""
        rule, who = self.rule, self.rule.tasks[task]["person"]
        if not self.done(lambda: answering.accept(self.actor(who), task)):
            return
        if not rule.closed and not rule.cancelled:
            for seat in SEATS:
                self.seat_goes(seat)
        rule.tasks.clear()
        rule.moved = not rule.moved
