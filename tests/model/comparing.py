"""What the product shows just now, by every way out, beside what the rule says."""

from hypothesis.stateful import invariant
from sqlalchemy import select

from app.access import load_actor, scopes
from app.access.oversight import why
from app.access.seats import watching
from app.domain.errors import NotVisible
from app.features.cases import queries as case_queries
from app.features.emergency import queries as emergency_queries
from app.features.seats import queries as own
from app.features.tasks import queries as task_queries
from app.infra import clock, wall
from app.infra.db import db, reading, transaction
from app.models import Case, Person, Seat, Section
from tests.model.acts_on_grounds import OnGrounds
from tests.model.history import PEOPLE, SEATS, SECTIONS

HEADINGS = {
    "Persoonsgegevens": "identity", "Aanleiding": "reason", "Veiligheid": "safety",
    "Kinderen": "children", "Gezondheid": "health", "Inbreng": "input",
}  # fmt: skip


class Compared(OnGrounds):
    """After every act the lists; at the end of a history the pages, explanations and bare tables.

    What was refused changed nothing, or the next comparison says so.
    """

    @invariant()
    def everybody_sees_what_the_rule_says(self) -> None:
        if not hasattr(self, "rule") or not self.has_changed:
            return
        self.has_changed = False
        with reading() as session:
            seen = {who: self._seen_by(session, who) for who in PEOPLE}
        for who in PEOPLE:
            slots = {seat for seat in SEATS if self.rule.slot(who, seat)}
            assert seen[who] == (self._expected(who), slots, self._serves(who)), f"{who} at {clock.now()}"  # fmt: skip

    def _expected(self, who: str) -> set[str]:
        return {one for one in SECTIONS if who != "administrator" and self.rule.sees(who, one)}

    def _serves(self, who: str) -> bool:
        return self.rule.serves(who) and not self.rule.barred(who)

    def _names(self, ids) -> set[str]:
        return {name for name in SECTIONS if self.id_of(name) in ids}

    def _seen_by(self, session, who: str) -> tuple[set[str], set[str], bool]:
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
            self._names(sections),
            {seat for seat in SEATS if self.id_of(seat) in slots},
            lists is not None,
        )

    def teardown(self) -> None:
        """At the end of a history what is built on these answers is read too."""
        if not hasattr(self, "rule"):
            return
        for who in PEOPLE:
            self._explained(who)
            self._behind_the_wall(who)
            if self.rule.counts(who) and who != "administrator":
                self._read_lists(who)
                self._read_meeting(who)
        self._read_tasks()
        self._read_emergencies()

    def _explained(self, who: str) -> None:
        with transaction() as session:
            person = session.get(Person, self.id_of(who))
            case = session.get_one(Case, self.world.case.id)
            found = why.explain(session, person, case, now=clock.now()) if person else []
        assert self._names({one.section_id for one in found if one.ground}) == self._expected(
            who
        ), who

    def _behind_the_wall(self, who: str) -> None:
        """Without any condition PostgreSQL shows the same, and before "I know nobody" the names."""
        if db.engine.dialect.name != "postgresql":
            return
        with wall.acting_as(self.id_of(who)), reading() as session:
            bare = self._names(set(session.scalars(select(Section.id))))
        assert bare - {"identity"} == self._expected(who) - {"identity"}, who
        assert bare >= self._expected(who), who

    def _read_lists(self, who: str) -> None:
        actor = self.actor(who)
        invited = any(self.rule.slot(who, seat) for seat in SEATS)
        if who != "care":  # whose second seat, at another case, shows the same meeting
            listed = [*own.own_meetings(actor, past=False, number=1).rows,
                      *own.own_meetings(actor, past=True, number=1).rows]  # fmt: skip
            assert [one.meeting_id for one in listed] == [self.world.meeting.id] * invited, who
        found = case_queries.list_page(actor, case_queries.Search(text=self.world.case.reference))
        assert bool(found.lines) == self._serves(who), who

    def _read_meeting(self, who: str) -> None:
        if not any(self.rule.slot(who, seat) for seat in SEATS):
            return
        page = own.own_meeting(self.actor(who), self.world.meeting.id, with_names=True).meeting
        shown = self._names({one.id for item in page.items for one in item.sections})
        by_seat = {one for one in SECTIONS if self.rule.by_seat(who, one)}
        assert shown - {"identity"} >= self._written(by_seat) - {"identity"}, who
        assert shown <= self._expected(who), who
        actor, meeting = self.actor(who), self.world.meeting.id
        with reading() as session:
            followed = watching.read_watched(session, actor, meeting, now=clock.now())
        slots = {one.seat_id for one in followed.slots}
        for seat in SEATS:
            assert (self.id_of(seat) in slots) == self.rule.slot(who, seat), f"{who} follows {seat}"
        opened = {one.seat_id for one in followed.slots if one.is_open}
        assert opened == {one.seat_id for one in page.items}, who

    def _written(self, names: set[str]) -> set[str]:
        """A text that was taken back is nowhere to be read."""
        with reading() as session:
            gone = session.scalars(select(Section.id).where(Section.text_ct.is_(None))).all()
        return names - self._names(gone)

    def _read_tasks(self) -> None:
        for task, what in self.rule.tasks.items():
            who = what["person"]
            opened = {one for one in SECTIONS if self.rule.opens(task, one, who)}
            counts = self.rule.counts(who) and not self.rule.barred(who)
            expected = self._written(opened) if counts and self.rule.does(who, task) else set()
            page = []
            if self.done(lambda one=task, by=who, to=page: to.append(
                task_queries.task_page(self.actor(by), one, with_names=True)
            )):  # fmt: skip
                assert {HEADINGS[one.label_nl] for one in page[0].sections} == expected, who
            assert page or not expected, who

    def _read_emergencies(self) -> None:
        for reading_id, (who, until) in self.rule.emergencies.items():
            counts = self.rule.counts(who) and not self.rule.barred(who)
            is_open = counts and self.rule.by_glass(who) and clock.now() < until
            page = []
            if self.done(lambda one=reading_id, by=who, to=page: to.append(
                emergency_queries.read_case(self.actor(by), one, names=True)
            )):  # fmt: skip
                shown = {HEADINGS[one.label_nl] for one in page[0].sections if one.text}
                assert shown == self._written(set(SECTIONS)), who
            assert bool(page) == is_open, who
