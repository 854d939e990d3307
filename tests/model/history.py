"""What every act of a history stands on: a small world, the rule beside it, the clock of both."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import update

from app.access import Actor, load_actor
from app.domain.errors import NotPermitted, NotVisible, Refusal, StaleEdit
from app.domain.kinds import TableRoleName
from app.features.agenda.disclosing import Reasoning
from app.infra import clock
from app.infra.db import transaction
from app.models import Section, SectionType
from tests import builders
from tests.conftest import MONDAY
from tests.model.rule import FOREVER, Rule

REFUSED = (Refusal, NotVisible, NotPermitted, StaleEdit)
REASONS = Reasoning(ground="Wet", purpose="Doel", necessity="Nodig")
PARTNERS = ("police", "police_colleague", "care")
PEOPLE = ("chair", "coordinator", "stranger", "administrator", *PARTNERS, "guest")
SECTIONS = ("identity", "reason", "safety", "children", "health", "input")
SEATS = ("police_seat", "care_seat")
ASKED = {"reason": "police", "health": "care"}
people_of = st.sampled_from(PARTNERS)
seat_of = st.sampled_from(SEATS)
sections_of = st.sets(st.sampled_from(SECTIONS))
hours_of = st.integers(1, 200)


class History(RuleBasedStateMachine):
    """One history: ``world`` is the product's, ``rule`` what came of it by the rule."""

    frozen: ClassVar
    has_changed = True
    was_recalled = False
    empty: ClassVar[Callable[[], None]]

    def set_up(self, *, said: bool) -> None:
        """The plan of the case is its section about the children; input came from care."""
        type(self).empty()
        self.frozen.moment = MONDAY
        self.world = world = builders.small_world(answered=said)
        made = builders.section(world.case, world.types["input"], world.care_organisation)
        world.sections["input"] = made
        builders.role(world.police_colleague, world.table, TableRoleName.EMERGENCY_READER)
        plan = SectionType.id == world.types["children"].id
        self.store(update(SectionType).where(plan).values(is_plan=True))
        self.guest_id = uuid4()  # of nobody yet
        self.rule = Rule(
            now=clock.now(),
            begun=clock.now(),
            starts=world.meeting.starts_at,
            ends=world.meeting.ends_at,
            organisation={
                "chair": "host", "coordinator": "host", "stranger": "host", "administrator": "host",
                "police": "police_organisation", "police_colleague": "police_organisation",
                "care": "care_organisation", "guest": "care_organisation",
            },
            seats={"police_seat": "police_organisation", "care_seat": "care_organisation"},
            sources={
                "identity": "police_organisation", "reason": "police_organisation", "safety": "host",
                "children": "host", "health": "care_organisation", "input": "care_organisation",
            },
            secret={"health"},
            identity={"identity"},
            holder={"police_seat": "police", "care_seat": "care"},
            handed={"police_seat": [], "care_seat": []},
            staff={"chair", "coordinator"},
            staff_elsewhere={"stranger"},
            representatives={"police", "care"},
            covenants={"host", "police_organisation", "care_organisation"},
            active=set(PEOPLE) - {"guest"},
            emergency_readers={"police_colleague"},
            invited=set(SEATS),
            disclosed={("police_seat", "reason"), ("police_seat", "safety"), ("care_seat", "reason")},
            declared={("police", "identity"), ("care", "identity")} if said else set(),
        )  # fmt: skip

    def id_of(self, name: str) -> UUID:
        """Of a person, seat, organisation or section."""
        if name == "guest":
            return self.guest_id
        things = self.world.sections if name in SECTIONS else {}
        return things[name].id if things else getattr(self.world, name).id

    def ids_of(self, names: set[str]) -> list[UUID]:
        return [self.id_of(one) for one in sorted(names)]

    def identity(self) -> Section:
        """As it stands just now."""
        with transaction() as session:
            return session.get_one(Section, self.id_of("identity"))

    def actor(self, who: str) -> Actor:
        """NotVisible for whoever has no account that counts."""
        with transaction() as session:
            return load_actor(session, self.id_of(who), now=clock.now())

    def done(self, act: Callable[[], object]) -> bool:
        """Whether the product let it happen."""
        try:
            act()
        except REFUSED:
            return False
        self.has_changed = True
        return True

    def store(self, statement) -> None:
        with transaction() as session:
            session.execute(statement)
        self.has_changed = True

    def freed(self, who: str) -> None:
        """Whoever must have nothing to do with the case has no seat there, now or later."""
        for seat, holder in self.rule.holder.items():
            if holder == who:
                self.rule.holder[seat] = None
            self.rule.handed[seat] = [
                (one if one != who else None, until) for one, until in self.rule.handed[seat]
            ]

    def without_tasks(self, who: str) -> None:
        self.rule.tasks = {
            one: what for one, what in self.rule.tasks.items() if what["person"] != who
        }

    def shut(self, at: str, section: str) -> None:
        """A seat or task has the section no longer, and what its source said went with it."""
        self.rule.disclosed.discard((at, section))
        self.rule.decided.pop((at, section), None)

    def at(self, moment: datetime) -> None:
        """Both clocks stand at this moment now."""
        self.frozen.moment = moment
        self.rule.now = clock.now()
        self.rule.pass_time()
        self.has_changed = True

    def boundaries(self) -> list[datetime]:
        """The moments still to come at which something opens or shuts by time alone."""
        rule = self.rule
        ends = [
            rule.opens_at(),
            rule.closes_at(),
            *(one["until"] for one in rule.tasks.values()),
            *(until for _, until in rule.emergencies.values()),
            *(until for before in rule.handed.values() for _, until in before),
            *rule.decided.values(),
            *rule.excluded.values(),
        ]
        return sorted({one for one in ends if one and rule.now < one < FOREVER})

    def in_hours(self, hours: int | None) -> datetime | None:
        return None if hours is None else clock.now() + timedelta(hours=hours)

    @rule(minutes=st.sampled_from((10, 15, 60, 600, 1440, 5 * 1440)))
    def time_passes(self, minutes: int) -> None:
        self.at(clock.now() + timedelta(minutes=minutes))

    @rule(which=st.integers(0, 5), just_before=st.booleans())
    def the_clock_jumps(self, which: int, just_before: bool) -> None:
        """To the very moment something opens or shuts, or the last one before: all is half-open."""
        coming = self.boundaries()
        if coming:
            step = timedelta(microseconds=just_before)
            self.at(max(self.rule.now, coming[which % len(coming)] - step))
