"""Any history of acts: after each, the product and a rule of its own agree for every person.

The acts are the product's services, as the person who does them. What the product refuses changes
nothing; what it accepts changes the rule, and then every section, slot and list is compared.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from app.access import conditions, load_actor, scopes
from app.domain.errors import NotPermitted, NotVisible, Refusal, StaleEdit
from app.domain.kinds import TableRoleName, TaskKind
from app.features.agenda import disclosing, queries, reasons, seating
from app.features.cases import exclusions
from app.features.cases import queries as case_queries
from app.features.live import service as live
from app.features.meetings import sending
from app.features.meetings import service as meetings
from app.features.people import service as people
from app.features.seats import deciding, knowing, sharing
from app.features.seats import queries as own
from app.features.seats import service as seats
from app.infra import clock
from app.infra.db import db, reading, transaction
from app.models import (
    BreakGlass,
    Case,
    Covenant,
    Disclosure,
    Exclusion,
    Meeting,
    Person,
    Recusal,
    Seat,
    SeatHold,
    Section,
    TableRole,
    Task,
    TaskSection,
)
from tests import builders
from tests.conftest import MONDAY
from tests.model.rule import Rule

REFUSED = (Refusal, NotVisible, NotPermitted, StaleEdit)
REASONS = reasons.Reasoning(ground="Wet", purpose="Doel", necessity="Nodig")
PEOPLE = ("chair", "coordinator", "stranger", "police", "police_colleague", "care", "administrator")
PARTNERS = ("police", "police_colleague", "care")
SECTIONS = ("identity", "reason", "safety", "children", "health")
SEATS = ("police_seat", "care_seat")
people_of = st.sampled_from(PARTNERS)
seat_of = st.sampled_from(SEATS)


class NeedToKnow(RuleBasedStateMachine):
    frozen: ClassVar
    empty: ClassVar[Callable[[], None]]

    @initialize(
        open_papers=st.integers(0, 3),
        later=st.booleans(),
        shown=st.sets(st.sampled_from(SECTIONS)),
        said=st.booleans(),
    )
    def begin(self, *, open_papers: int, later: bool, shown: set[str], said: bool) -> None:
        """Three of four histories begin with papers published and accepted, often in the window."""
        type(self).empty()
        self.frozen.moment = MONDAY
        self.world = world = builders.small_world(answered=said)
        builders.role(world.police_colleague, world.table, TableRoleName.EMERGENCY_READER)
        self.rule = Rule(
            now=clock.now(),
            begun=clock.now(),
            starts=world.meeting.starts_at,
            ends=world.meeting.ends_at,
            organisation={
                "chair": "host", "coordinator": "host", "stranger": "host", "administrator": "host",
                "police": "police_organisation", "police_colleague": "police_organisation",
                "care": "care_organisation",
            },
            seats={"police_seat": "police_organisation", "care_seat": "care_organisation"},
            sources={
                "identity": "police_organisation", "reason": "police_organisation",
                "safety": "host", "children": "host", "health": "care_organisation",
            },
            secret={"health"},
            identity={"identity"},
            holder={"police_seat": "police", "care_seat": "care"},
            handed={"police_seat": [], "care_seat": []},
            staff={"chair", "coordinator"},
            staff_elsewhere={"stranger"},
            representatives={"police", "care"},
            covenants={"host", "police_organisation", "care_organisation"},
            active=set(PEOPLE),
            emergency_readers={"police_colleague"},
            invited=set(SEATS),
            disclosed={("police_seat", "reason"), ("police_seat", "safety"), ("care_seat", "reason")},
            declared={("police", "identity"), ("care", "identity")} if said else set(),
        )  # fmt: skip
        if open_papers:
            self.publish()
            for who in ("police", "care"):
                self.accept(who)
        if later:
            self.time_passes(8 * 24 * 60)
        self.plan_disclosures("police_seat", shown)

    def actor(self, who: str):
        with transaction() as session:
            return load_actor(session, self.id_of(who), now=clock.now())

    def id_of(self, who: str):
        return getattr(self.world, who).id

    def done(self, act: Callable[[], object]) -> bool:
        """Whether the product let it happen; nobody may act without an account that counts."""
        try:
            act()
        except REFUSED:
            return False
        return True

    def freed(self, who: str) -> None:
        for seat, holder in self.rule.holder.items():
            if holder == who:
                self.rule.holder[seat] = None
            self.rule.handed[seat] = [one if one != who else None for one in self.rule.handed[seat]]

    @rule(seat=seat_of, sections=st.sets(st.sampled_from(SECTIONS)))
    def plan_disclosures(self, seat: str, sections: set[str]) -> None:
        self._plan(seat, self.rule.holder[seat], sections)

    @rule(seat=seat_of, who=st.one_of(st.none(), people_of))
    def name_occupant(self, seat: str, who: str | None) -> None:
        self._plan(seat, who, {one for at, one in self.rule.disclosed if at == seat})

    def _plan(self, seat: str, who: str | None, sections: set[str]) -> None:
        seat_id = self.id_of(seat)

        def act() -> None:
            actor = self.actor("coordinator")
            page = queries.read_seat(actor, seat_id)
            disclosing.save_seat(actor, seat_id, disclosing.SeatPlan(
                standing=page.standing, person_id=self.id_of(who) if who else None, staff_only=False,
                section_ids=frozenset(self.world.sections[one].id for one in sections), deviation=REASONS,
            ))  # fmt: skip

        if self.done(act):
            if who != self.rule.holder[seat]:
                self.rule.holder[seat] = who
                self.rule.handed[seat].clear()
                self.rule.invited.discard(seat)
            for section in SECTIONS:
                pair = (seat, section)
                if section in sections:
                    if pair not in self.rule.disclosed:
                        self.rule.given[pair] = clock.now()
                    self.rule.disclosed.add(pair)
                else:
                    self.rule.disclosed.discard(pair)
                    self.rule.decided.discard(pair)

    @rule(wanted=st.booleans())
    def source_asks_to_be_asked(self, wanted: bool) -> None:
        section_id = self.world.sections["reason"].id
        if self.done(lambda: sharing.ask_me(self.actor("police"), section_id, wanted=wanted)):
            self.rule.asks.pop("reason", None)
            if wanted:
                self.rule.asks["reason"] = clock.now()

    @rule(seat=seat_of, section=st.sampled_from(("health", "reason")))
    def source_decides(self, seat: str, section: str) -> None:
        who = "care" if section == "health" else "police"
        with transaction() as session:
            found = session.scalars(
                select(Disclosure.id).where(
                    Disclosure.seat_id == self.id_of(seat),
                    Disclosure.section_id == self.world.sections[section].id,
                    Disclosure.withdrawn_at.is_(None),
                )
            ).one_or_none()
        if found and self.done(
            lambda: deciding.decide(self.actor(who), found, allow=True, basis="consent")
        ):
            self.rule.decided.add((seat, section))

    @rule()
    def invite(self) -> None:
        if self.done(lambda: sending.invite(self.actor("coordinator"), self.world.meeting.id)):
            self.rule.invited |= {seat for seat, who in self.rule.holder.items() if who}

    @rule()
    def publish(self) -> None:
        if self.done(lambda: sending.publish(self.actor("coordinator"), self.world.meeting.id)):
            self.rule.published = clock.now()

    @rule(who=people_of)
    def accept(self, who: str) -> None:
        act = lambda: seats.accept_confidentiality(self.actor(who), self.world.meeting.id)  # noqa: E731 - one call
        if self.done(act):
            self.rule.accepted.add(who)

    @rule(who=people_of, seat=seat_of)
    def declare(self, who: str, seat: str) -> None:
        shown = [str(self.world.sections["identity"].id)]
        if self.done(lambda: knowing.answer_at_seat(self.actor(who), self.id_of(seat), "nobody", shown=shown)):  # fmt: skip
            self.rule.declared.add((who, "identity"))

    @rule(who=people_of, seat=seat_of, deputy=people_of)
    def hand_over(self, who: str, seat: str, deputy: str) -> None:
        if self.done(
            lambda: seats.hand_over(self.actor(who), self.id_of(seat), self.id_of(deputy))
        ):
            self.rule.handed[seat].append(who)
            self.rule.holder[seat] = deputy

    @rule(who=people_of, seat=seat_of)
    def hand_back(self, who: str, seat: str) -> None:
        if self.done(lambda: seats.hand_back(self.actor(who), self.id_of(seat))):
            with transaction() as session:
                holder = session.scalar(
                    select(SeatHold.person_id).where(
                        SeatHold.seat_id == self.id_of(seat), conditions.is_held(clock.now())
                    )
                )
            before = self.rule.handed[seat]
            self.rule.holder[seat] = next(one for one in PARTNERS if self.id_of(one) == holder)
            assert self.rule.holder[seat] in before
            del before[len(before) - 1 - before[::-1].index(self.rule.holder[seat]) :]

    @rule(who=people_of, seat=seat_of)
    def recuse(self, who: str, seat: str) -> None:
        if self.done(lambda: seats.recuse(self.actor(who), self.id_of(seat))):
            self.rule.recused.add(who)
            self.rule.tasks = [one for one in self.rule.tasks if one["person"] != who]
            self.freed(who)

    @rule(who=people_of)
    def lift_recusal(self, who: str) -> None:
        with transaction() as session:
            found = session.scalars(
                select(Recusal.id).where(
                    Recusal.person_id == self.id_of(who), Recusal.lifted_at.is_(None)
                )
            ).all()
        for recusal_id in found:
            act = lambda one=recusal_id: exclusions.lift_recusal(self.actor("chair"), self.world.case.id, one)  # noqa: E731  # fmt: skip
            if self.done(act):
                self.rule.recused.discard(who)

    @rule(
        who=st.sampled_from((*PARTNERS, "coordinator")),
        hours=st.one_of(st.none(), st.integers(1, 72)),
    )
    def exclude(self, who: str, hours: int | None) -> None:
        if self.rule.barred(who):
            return
        until = None if hours is None else clock.now() + timedelta(hours=hours)
        new = exclusions.NewExclusion(person_id=self.id_of(who), reason="Familie", until=until)
        if self.done(lambda: exclusions.exclude(self.actor("chair"), self.world.case.id, new)):
            self.rule.excluded[who] = until
            self.freed(who)

    @rule(who=st.sampled_from((*PARTNERS, "coordinator")))
    def end_exclusion(self, who: str) -> None:
        with transaction() as session:
            found = session.scalars(
                select(Exclusion.id).where(Exclusion.person_id == self.id_of(who))
            ).all()
        for one in found:
            act = lambda this=one: exclusions.end_exclusion(self.actor("chair"), self.world.case.id, this)  # noqa: E731  # fmt: skip
            if self.done(act):
                self.rule.excluded.pop(who, None)

    @rule(back=st.integers(0, 3))
    def move_case(self, back: int) -> None:
        to = self.world.table if back else self.world.other_table
        self._store(update(Case).where(Case.id == self.world.case.id).values(table_id=to.id))
        self.rule.moved = not back

    @rule(sure=st.integers(0, 2))
    def close(self, sure: int) -> None:
        if sure:
            return
        chair = self.actor("chair")
        self.done(lambda: live.start_meeting(chair, self.world.meeting.id))
        if self.done(lambda: live.close_meeting(chair, self.world.meeting.id)):
            self.rule.closed = clock.now()

    @rule(sure=st.integers(0, 4))
    def cancel(self, sure: int) -> None:
        if not sure and self.done(
            lambda: meetings.cancel_meeting(self.actor("chair"), self.world.meeting.id)
        ):
            self.rule.cancelled = True

    @rule(seat=seat_of, sure=st.integers(0, 3))
    def remove_seat(self, seat: str, sure: int) -> None:
        if not sure and self.done(lambda: seating.remove_seat(self.actor("coordinator"), self.id_of(seat))):  # fmt: skip
            self.rule.holder[seat] = None
            self.rule.handed[seat].clear()

    @rule(who=people_of, to=st.sampled_from(("police_organisation", "care_organisation")))
    def leave_organisation(self, who: str, to: str) -> None:
        act = lambda: people.move_person(self.actor("administrator"), self.id_of(who), self.id_of(to))  # noqa: E731  # fmt: skip
        if self.done(act):
            self.rule.organisation[who] = to
            self.rule.representatives.discard(who)
            self.rule.emergency_readers.discard(who)
            self.freed(who)

    @rule(who=people_of)
    def become_representative(self, who: str) -> None:
        if who not in self.rule.representatives and who in self.rule.active:
            builders.role(getattr(self.world, who), self.world.table, TableRoleName.REPRESENTATIVE)
            self.rule.representatives.add(who)

    @rule(who=people_of)
    def role_ends(self, who: str) -> None:
        roles = update(TableRole).where(
            TableRole.person_id == self.id_of(who),
            TableRole.role == TableRoleName.REPRESENTATIVE,
            TableRole.until_at.is_(None),
        )
        self._store(roles.values(until_at=clock.now()))
        self.rule.representatives.discard(who)

    @rule(who=st.sampled_from((*PARTNERS, "coordinator")), blocked=st.booleans())
    def block(self, who: str, blocked: bool) -> None:
        act = people.block_person if blocked else people.unblock_person
        if self.done(lambda: act(self.actor("administrator"), self.id_of(who))):
            (self.rule.active.discard if blocked else self.rule.active.add)(who)
            # An account without a password is invited once more; here it comes back as it was.
            self._store(
                update(Person).where(Person.id == self.id_of(who), Person.state == "invited")
                .values(state="active")
            )  # fmt: skip

    @rule(of=st.sampled_from(("police_organisation", "care_organisation")), sure=st.integers(0, 2))
    def covenant_ends(self, of: str, sure: int) -> None:
        if sure:
            return
        covenants = update(Covenant).where(
            Covenant.organisation_id == self.id_of(of), Covenant.table_id == self.world.table.id
        )
        self._store(covenants.values(until_at=clock.now()))
        self.rule.covenants.discard(of)

    @rule(
        who=people_of,
        names=st.sets(st.sampled_from(SECTIONS)),
        hours=st.integers(1, 200),
        accepted=st.booleans(),
    )
    def give_task(self, who: str, names: set[str], hours: int, accepted: bool) -> None:
        now = clock.now()
        of = self.rule.organisation[who]
        task = builders.save(Task(
            person_id=self.id_of(who), organisation_id=self.id_of(of), case_id=self.world.case.id,
            table_id=self.world.table.id, kind=TaskKind.INFORMATION_REQUEST, from_at=now,
            until_at=now + timedelta(hours=hours), accepted_at=now if accepted else None,
            granted_by_id=self.id_of("chair"), granted_at=now,
        ))  # fmt: skip
        builders.save_all(
            *(TaskSection(task_id=task.id, section_id=self.world.sections[one].id) for one in names)
        )
        self.rule.tasks.append({
            "person": who, "organisation": of, "names": names, "until": now + timedelta(hours=hours),
            "accepted": accepted, "given": now,
        })  # fmt: skip

    @rule()
    def tasks_end(self) -> None:
        self._store(update(Task).values(ended_at=clock.now()))
        self.rule.tasks.clear()

    @rule(who=st.sampled_from(("police_colleague", "care")))
    def break_glass(self, who: str) -> None:
        now = clock.now()
        until = now + timedelta(minutes=15)
        builders.save(BreakGlass(
            person_id=self.id_of(who), case_id=self.world.case.id, table_id=self.world.table.id,
            from_at=now, until_at=until,
        ))  # fmt: skip
        self.rule.emergencies.append((who, until))

    @rule(minutes=st.sampled_from((10, 15, 60, 600, 1440, 5 * 1440)))
    def time_passes(self, minutes: int) -> None:
        self._at(clock.now() + timedelta(minutes=minutes))

    @rule()
    def on_the_boundary(self) -> None:
        """To the very moment the papers shut, or just before it: windows are half-open."""
        with transaction() as session:
            closes_at = session.get_one(Meeting, self.world.meeting.id).closes_at
        if closes_at and closes_at > clock.now():
            self._at(closes_at)

    def _at(self, moment: datetime) -> None:
        self.frozen.moment = moment
        self.rule.now = clock.now()
        self.rule.return_seats()

    @staticmethod
    def _store(statement) -> None:
        with transaction() as session:
            session.execute(statement)

    @invariant()
    def everybody_sees_what_the_rule_says(self) -> None:
        if not hasattr(self, "rule"):
            return
        with reading() as session:
            seen = {who: self.seen_by(session, who) for who in PEOPLE}
        for who in PEOPLE:
            expected = {
                one for one in SECTIONS if who != "administrator" and self.rule.sees(who, one)
            }
            slots = {seat for seat in SEATS if self.rule.slot(who, seat)}
            lists = who != "administrator" and self.rule.serves(who) and not self.rule.barred(who)
            assert seen[who] == (expected, slots, lists), f"{who} at {clock.now()}"

    def seen_by(self, session, who: str) -> tuple[set[str], set[str], bool]:
        now = clock.now()
        try:
            actor = load_actor(session, self.id_of(who), now=now)
        except NotVisible:
            return set(), set(), False
        at_case = Case.id == self.world.case.id
        sections = set(session.scalars(
            scopes.visible_sections(actor, now=now).with_only_columns(Section.id).where(at_case)
        ))  # fmt: skip
        slots = set(session.scalars(scopes.own_slots(actor, now=now).with_only_columns(Seat.id)))
        lists = session.execute(scopes.staff_cases(actor, now=now).where(at_case)).first()
        return (
            {name for name in SECTIONS if self.world.sections[name].id in sections},
            {seat for seat in SEATS if self.id_of(seat) in slots},
            lists is not None,
        )

    def teardown(self) -> None:
        """At the end of a history the lists and pages built on these answers are read too."""
        if not hasattr(self, "rule"):
            return
        for who in PEOPLE:
            if who in self.rule.active and who != "administrator":
                self._read_pages(who)

    def _read_pages(self, who: str) -> None:
        actor = self.actor(who)
        invited = any(self.rule.slot(who, seat) for seat in SEATS)
        if who != "care":  # whose second seat, at another case, shows the same meeting
            listed = [*own.own_meetings(actor, past=False, number=1).rows,
                      *own.own_meetings(actor, past=True, number=1).rows]  # fmt: skip
            assert [one.meeting_id for one in listed] == [self.world.meeting.id] * invited, who
        found = case_queries.list_page(actor, case_queries.Search(text=self.world.case.reference))
        assert bool(found.lines) == (self.rule.serves(who) and not self.rule.barred(who)), who
        if not invited:
            return
        page = own.own_meeting(actor, self.world.meeting.id, with_names=True).meeting
        shown = {one.id for item in page.items for one in item.sections}
        by_seat = {one for one in SECTIONS if self.rule.by_seat(who, one)}
        assert {one for one in SECTIONS if self.world.sections[one].id in shown} - {"identity"} >= by_seat - {"identity"}, who  # fmt: skip
        assert shown <= {self.world.sections[one].id for one in SECTIONS if self.rule.sees(who, one)}, who  # fmt: skip


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)], indirect=True
)
def test_any_history_leaves_the_product_and_the_rule_agreeing(
    app, database, frozen_clock, deep: bool, pytestconfig
) -> None:
    histories = pytestconfig.getoption("--histories")
    NeedToKnow.frozen = frozen_clock

    def empty() -> None:
        database.let_go(db.engine)
        database.empty()

    NeedToKnow.empty = staticmethod(empty)
    run_state_machine_as_test(
        NeedToKnow,
        settings=settings(
            max_examples=histories or (2000 if deep else 3),
            stateful_step_count=50 if deep else 25,
            derandomize=not deep,
            deadline=None,
            database=None,
            # Whoever asks for a number of histories wants to know whether, not why.
            phases=[Phase.generate] if histories else list(Phase),
            suppress_health_check=list(HealthCheck),
        ),
    )
