"""What is done at a meeting and with its seats, by the product's services as the person who does it.

What the product refuses changes nothing; what it accepts changes the rule.
"""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select, update

from app.access.seats.acquaintances import shown_of
from app.domain.kinds import TableRoleName
from app.features.agenda import disclosing, queries, seating
from app.features.cases import exclusions
from app.features.cases.sections import SectionChange, change_section
from app.features.meetings import sending
from app.features.meetings import service as meetings
from app.features.people import service as people
from app.features.seats import knowing, sharing
from app.features.seats import service as seats
from app.infra import clock
from app.infra.db import transaction
from app.models import Covenant, Exclusion, Person, Recusal, TableRole
from tests import builders
from tests.model.acts_while_held import WhileHeld
from tests.model.history import (
    PARTNERS,
    REASONS,
    SEATS,
    SECTIONS,
    hours_of,
    people_of,
    seat_of,
    sections_of,
)
from tests.model.rule import FOREVER

# Mostly whoever has the seat; else somebody who may not do this.
holder_or_else = st.one_of(st.none(), st.none(), people_of)


class AtTheTable(WhileHeld):
    """Disclosing, inviting, sitting, stepping back; roles, accounts, covenants; time."""

    @rule(seat=seat_of, sections=sections_of)
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
                section_ids=frozenset(self.ids_of(sections)), deviation=REASONS,
            ))  # fmt: skip

        if not self.done(act):
            return
        if who != self.rule.holder[seat]:
            self.rule.holder[seat] = who
            self.rule.handed[seat].clear()
            self.rule.invited.discard(seat)
            self.forget_presence(seat)
        for section in SECTIONS:
            if section not in sections:
                self.shut(seat, section)
            elif (seat, section) not in self.rule.disclosed:
                self.rule.given[seat, section] = clock.now()
                self.rule.disclosed.add((seat, section))

    @rule(wanted=st.booleans())
    def source_asks_to_be_asked(self, wanted: bool) -> None:
        section_id = self.id_of("reason")
        if self.done(lambda: sharing.ask_me(self.actor("police"), section_id, wanted=wanted)):
            since = self.rule.asks.pop("reason", clock.now())
            if wanted:
                self.rule.asks["reason"] = since

    @precondition(lambda self: not self.was_recalled)
    @rule()
    def recall_input(self) -> None:
        if self.done(lambda: sharing.recall(self.actor("care"), self.id_of("input"))):
            self.was_recalled = True
            for at in {at for at, section in self.rule.disclosed if section == "input"}:
                self.shut(at, "input")

    @precondition(lambda self: self.rule.invited != set(SEATS))
    @rule()
    def invite(self) -> None:
        """Whoever the case bars invites to the other items of the meeting alone."""
        act = lambda: sending.invite(self.actor("coordinator"), self.world.meeting.id)  # noqa: E731
        if self.done(act) and not self.rule.barred("coordinator"):
            self.rule.invited |= {seat for seat, who in self.rule.holder.items() if who}

    @precondition(lambda self: not self.rule.published)
    @rule()
    def publish(self) -> None:
        if self.done(lambda: sending.publish(self.actor("coordinator"), self.world.meeting.id)):
            self.rule.published = clock.now()

    @rule(who=people_of)
    def accept(self, who: str) -> None:
        act = lambda: seats.accept_confidentiality(self.actor(who), self.world.meeting.id)  # noqa: E731 - one call
        if self.done(act):
            self.rule.accepted.add(who)

    @rule(seat=seat_of, who=holder_or_else)
    def declare(self, seat: str, who: str | None) -> None:
        who = who or self.rule.holder[seat] or "police"
        shown = [shown_of(self.identity()).mark]
        if self.done(lambda: knowing.answer_at_seat(self.actor(who), self.id_of(seat), "nobody", shown=shown)):  # fmt: skip
            self.rule.declared.add((who, "identity"))

    @rule()
    def rewrite_identity(self) -> None:
        """It may be of somebody else now: nobody's word stands, nor what its source said of it."""
        of = self.identity()
        new = SectionChange(
            regime=of.regime, text=f"X{of.version}", version=of.version, confirmed=True, names=True
        )
        case_id = self.world.case.id
        if self.done(lambda: change_section(self.actor("coordinator"), case_id, of.id, new)):
            self.rule.declared.clear()
            for pair in [one for one in self.rule.decided if one[1] == "identity"]:
                self.rule.decided.pop(pair)

    @rule(
        seat=seat_of,
        who=holder_or_else,
        deputy=holder_or_else,
        hours=st.one_of(st.none(), hours_of),
    )
    def hand_over(self, seat: str, who: str | None, deputy: str | None, hours: int | None) -> None:
        """Until a moment or until the papers close; never longer than the seat was one's own."""
        who = who or self.rule.holder[seat] or "police"
        deputy = deputy or self.colleague_of(who)
        until = self.in_hours(hours)
        act = lambda: seats.hand_over(self.actor(who), self.id_of(seat), self.id_of(deputy), until=until)  # noqa: E731  # fmt: skip
        if not self.done(act):
            return
        self.forget_presence(seat)
        before, closes_at = self.rule.handed[seat], self.rule.closes_at()
        until = until if until and until < closes_at else None
        if before and (before[-1][1] or closes_at) <= (until or closes_at):
            until = before[-1][1]
        before.append((who, until))
        self.rule.holder[seat] = deputy

    def colleague_of(self, who: str) -> str:
        of = self.rule.organisation
        return next((one for one in PARTNERS if one != who and of[one] == of[who]), who)

    @precondition(lambda self: any(self.rule.handed.values()))
    @rule(seat=seat_of, who=holder_or_else)
    def hand_back(self, seat: str, who: str | None) -> None:
        who = who or self.rule.holder[seat] or "police"
        if self.done(lambda: seats.hand_back(self.actor(who), self.id_of(seat))):
            self.forget_presence(seat)
            self.rule.holder[seat] = None
            while self.rule.holder[seat] is None:
                self.rule.holder[seat] = self.rule.handed[seat].pop()[0]

    @rule(seat=seat_of, who=holder_or_else)
    def recuse(self, seat: str, who: str | None) -> None:
        who = who or self.rule.holder[seat] or "police"
        if self.done(lambda: seats.recuse(self.actor(who), self.id_of(seat))):
            self.stepped_back(who)

    def stepped_back(self, who: str) -> None:
        self.rule.recused.add(who)
        self.without_tasks(who)
        self.freed(who)

    @precondition(lambda self: self.rule.recused)
    @rule(who=st.sampled_from((*PARTNERS, "guest")))
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
        who=st.sampled_from((*PARTNERS, "coordinator", "guest")),
        hours=st.one_of(st.none(), hours_of),
    )
    def exclude(self, who: str, hours: int | None) -> None:
        if self.rule.barred(who):
            return
        until = self.in_hours(hours)
        new = exclusions.NewExclusion(person_id=self.id_of(who), reason="Familie", until=until)
        if self.done(lambda: exclusions.exclude(self.actor("chair"), self.world.case.id, new)):
            self.rule.excluded[who] = until or FOREVER
            self.without_tasks(who)
            self.freed(who)

    @precondition(lambda self: self.rule.excluded)
    @rule(who=st.sampled_from((*PARTNERS, "coordinator", "guest")))
    def end_exclusion(self, who: str) -> None:
        with transaction() as session:
            found = session.scalars(
                select(Exclusion.id).where(Exclusion.person_id == self.id_of(who))
            ).all()
        for one in found:
            act = lambda this=one: exclusions.end_exclusion(self.actor("chair"), self.world.case.id, this)  # noqa: E731  # fmt: skip
            if self.done(act):
                self.rule.excluded.pop(who, None)

    @precondition(lambda self: not self.rule.cancelled)
    @rule(sure=st.integers(0, 4))
    def cancel(self, sure: int) -> None:
        if not sure and self.done(
            lambda: meetings.cancel_meeting(self.actor("chair"), self.world.meeting.id)
        ):
            self.rule.cancelled = True

    @rule(seat=seat_of, sure=st.integers(0, 3))
    def remove_seat(self, seat: str, sure: int) -> None:
        if not sure and self.done(lambda: seating.remove_seat(self.actor("coordinator"), self.id_of(seat))):  # fmt: skip
            self.seat_goes(seat)

    def seat_goes(self, seat: str) -> None:
        self.rule.holder[seat] = None
        self.rule.handed[seat].clear()
        for section in SECTIONS:
            self.shut(seat, section)

    @rule(who=people_of, with_a_task=st.booleans())
    def leave_organisation(self, who: str, with_a_task: bool) -> None:
        """For the other one; one of two times it is somebody who has a task."""
        doing = [one["person"] for one in self.rule.tasks.values() if one["person"] in PARTNERS]
        who = doing[-1] if with_a_task and doing else who
        is_police = self.rule.organisation[who] == "police_organisation"
        to = "care_organisation" if is_police else "police_organisation"
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
            self.has_changed = True
            self.rule.representatives.add(who)

    @rule(who=people_of)
    def role_ends(self, who: str) -> None:
        roles = update(TableRole).where(
            TableRole.person_id == self.id_of(who),
            TableRole.role == TableRoleName.REPRESENTATIVE,
            TableRole.until_at.is_(None),
        )
        self.store(roles.values(until_at=clock.now()))
        self.rule.representatives.discard(who)

    @rule(who=st.sampled_from((*PARTNERS, "coordinator")), blocked=st.booleans())
    def block(self, who: str, blocked: bool) -> None:
        act = people.block_person if blocked else people.unblock_person
        if self.done(lambda: act(self.actor("administrator"), self.id_of(who))):
            (self.rule.active.discard if blocked else self.rule.active.add)(who)
            # An account without a password is invited once more; here it comes back as it was.
            self.store(
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
        self.store(covenants.values(until_at=clock.now()))
        self.rule.covenants.discard(of)
