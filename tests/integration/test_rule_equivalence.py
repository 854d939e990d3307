"""The need-to-know rule exists in Python and in SQL; here each pins the other, state by state.

On PostgreSQL it exists a third time, as row security; a bare SELECT is held against the first.
Every state of the small world is a span on one timeline and the moment is a bind: one load, and
then the whole world is asked at and just before every boundary.
"""

import dataclasses
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from app.access import load_actor, scopes
from app.access.policy import ALWAYS, NEVER, SeatFacts, SectionFacts, Span, decide
from app.domain.kinds import (
    AccountState,
    CaseState,
    Ground,
    ItemKind,
    OrganisationKind,
    PresenceState,
    Regime,
    RetentionClass,
    TableKind,
    TableRoleName,
)
from app.infra import clock, wall
from app.infra.db import reading, transaction
from app.models import (
    Acceptance,
    AgendaItem,
    Case,
    CaseTable,
    Covenant,
    Declaration,
    Disclosure,
    Exclusion,
    Meeting,
    Organisation,
    Person,
    Recusal,
    Seat,
    SeatHold,
    Section,
    SectionType,
    TableRole,
)

START = datetime(2026, 6, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


HOLD = Span(at(1), at(10))
PUBLISHED = Span(at(2))
WINDOW = Span(at(3), at(9))
ROLE = Span(at(4), at(6))
EXCLUSION = Span(at(5), at(7))
COVENANT = Span(at(0), at(8))
OPENED = Span(at(4))  # an item was taken up
SAID = Span(START, at(7))  # the yes of a source that asked to be asked
BOUNDARIES = [*range(1, 11)]
INSTANTS = sorted({at(h) for h in BOUNDARIES} | {at(h) - timedelta(seconds=1) for h in BOUNDARIES})


@dataclass(frozen=True)
class Table:
    covenant: Span
    role: TableRoleName | None


@dataclass(frozen=True)
class MeetingState:
    published: bool
    cancelled: bool
    accepted: bool
    opens_with_item: bool = False


@dataclass(frozen=True)
class SeatState:
    hold: Span
    removed: bool
    proposed: bool
    own_organisation: bool
    disclosed: str
    source_decided: bool
    identity: str = "none"
    presence: PresenceState | None = None
    item_opened: bool = False
    is_deputy: bool = False

    def taken_up(self, where: MeetingState) -> Span:
        """Where papers open with the items, from then on for who was seen at the table."""
        if not where.opens_with_item:
            return ALWAYS
        there = self.presence in {PresenceState.PRESENT, PresenceState.REMOTE} or (
            self.is_deputy and self.presence is PresenceState.DEPUTY
        )
        return OPENED if self.item_opened and there else NEVER


@dataclass(frozen=True)
class CaseStateOf:
    source_is_own: bool
    regime: Regime
    excluded: bool
    recused: str
    item_removed: bool
    asks: str = "no"

    @property
    def asks_from(self) -> datetime | None:
        """The source wants to be asked about readers: of those from START on, or later ones only."""
        return {"no": None, "extra": START, "later": at(1)}[self.asks]

    @property
    def said(self) -> Span:
        return SAID if self.asks == "extra" else Span(START)


TABLES = [
    Table(covenant, role)
    for covenant in (COVENANT, NEVER)
    for role in (None, TableRoleName.REPRESENTATIVE, TableRoleName.COORDINATOR)
]
MEETINGS = [MeetingState(*flags) for flags in itertools.product((True, False), repeat=3)]
WITH_ITEM = MeetingState(True, False, True, opens_with_item=True)
# The identity at the case: not disclosed to the seat; disclosed and answered about, or only about
# other words that stood there; withdrawn, or still waiting for its source, and then not asked about.
IDENTITIES = ("none", "answered", "asked", "withdrawn", "undecided")
SEATS = [
    SeatState(hold, removed, proposed, own, disclosed, decided, identity)
    for hold in (HOLD, NEVER)
    for removed, proposed, own in ((False, False, True), (True, False, True), (False, True, True), (False, False, False))
    for disclosed in ("live", "withdrawn", "none")
    for decided in (True, False)
    for identity in IDENTITIES
]  # fmt: skip
CASES = [
    CaseStateOf(own, regime, excluded, recused, removed, asks)
    for own in (True, False)
    for regime, asks in ((Regime.AVG, "no"), (Regime.WPG, "no"), (Regime.AVG, "extra"))
    for excluded in (True, False)
    for recused in ("live", "lifted", "none")
    for removed in (True, False)
]


def worlds(*, deep: bool) -> Iterator[tuple[Table, MeetingState, SeatState, CaseStateOf]]:
    """All combinations, or every 149th (it divides none of the dimensions, so all values meet)."""
    every = itertools.product(TABLES, MEETINGS, SEATS, CASES)
    return every if deep else itertools.islice(every, 0, None, 149)


class World:
    """The rows of the small world, collected per model and inserted in bulk."""

    def __init__(self) -> None:
        self.rows: dict[type, list[dict]] = {}
        self.person_id = uuid.uuid4()
        self.own, self.other = uuid.uuid4(), uuid.uuid4()
        self.facts: dict[uuid.UUID, SectionFacts] = {}
        self.identities: set[uuid.UUID] = set()
        self.tables: dict[Table, tuple[uuid.UUID, uuid.UUID, uuid.UUID]] = {}
        self.meetings: dict[tuple[Table, MeetingState], uuid.UUID] = {}
        for number, organisation_id in enumerate((self.own, self.other)):
            self.add(Organisation, id=organisation_id, code=f"O{number}", name=f"Organisatie {number}",
                     kind=OrganisationKind.OTHER, version=1)  # fmt: skip
        self.add(Person, id=self.person_id, organisation_id=self.own, name="Piet Proef", function="",
                 email="piet@proef.example", phone="", state=AccountState.ACTIVE, is_administrator=False,
                 is_privacy_officer=False, language="nl", theme="", totp_last_step=0, version=1)  # fmt: skip

    def add(self, model: type, **values: object) -> None:
        self.rows.setdefault(model, []).append(values)

    def table(self, table: Table) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
        if table not in self.tables:
            table_id, type_id, identity_id = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
            self.tables[table] = table_id, type_id, identity_id
            self.add(CaseTable, id=table_id, name=str(table_id), kind=TableKind.MDA, prefix="MDA",
                     place="", minutes_per_item=30, opens_working_days=5, closes_working_days=5,
                     confidentiality_nl="", confidentiality_en="", version=1)  # fmt: skip
            self.add(SectionType, id=type_id, table_id=table_id, code="x", label_nl="X", label_en="X",
                     position=1, retention=RetentionClass.SUMMARY, is_identity=False, is_input=False)  # fmt: skip
            self.add(SectionType, id=identity_id, table_id=table_id, code="i", label_nl="I", label_en="I",
                     position=2, retention=RetentionClass.IDENTITY, is_identity=True, is_input=False)  # fmt: skip
            if table.covenant is not NEVER:
                self.add(Covenant, id=uuid.uuid4(), organisation_id=self.own, table_id=table_id,
                         from_at=table.covenant.from_at, until_at=table.covenant.until_at)  # fmt: skip
            if table.role:
                self.add(TableRole, id=uuid.uuid4(), person_id=self.person_id, table_id=table_id,
                         role=table.role, from_at=ROLE.from_at, until_at=ROLE.until_at)  # fmt: skip
        return self.tables[table]

    def meeting(self, table: Table, state: MeetingState) -> uuid.UUID:
        key = (table, state)
        if key not in self.meetings:
            meeting_id = self.meetings[key] = uuid.uuid4()
            self.add(Meeting, id=meeting_id, table_id=self.table(table)[0], starts_at=at(5), ends_at=at(6),
                     place="", link="", opens_working_days=5, closes_working_days=5,
                     published_at=PUBLISHED.from_at if state.published else None,
                     opens_at=WINDOW.from_at, closes_at=WINDOW.until_at,
                     opens_with_item=state.opens_with_item,
                     cancelled_at=at(1) if state.cancelled else None, version=1)  # fmt: skip
            if state.accepted:
                self.add(Acceptance, id=uuid.uuid4(), person_id=self.person_id, meeting_id=meeting_id,
                         at=at(0), statement="")  # fmt: skip
        return self.meetings[key]

    def case(self, table: Table, state: CaseStateOf) -> tuple[uuid.UUID, uuid.UUID]:
        table_id, type_id, _identity = self.table(table)
        case_id, section_id = uuid.uuid4(), uuid.uuid4()
        self.add(Case, id=case_id, reference=str(case_id)[-12:], table_id=table_id,
                 bringing_organisation_id=self.other, state=CaseState.ACCEPTED, channel="",
                 created_at=START, version=1)  # fmt: skip
        self.add(Section, id=section_id, case_id=case_id, section_type_id=type_id,
                 source_organisation_id=self.own if state.source_is_own else self.other,
                 regime=state.regime, asks_from=state.asks_from, position=0, updated_at=START, version=1)  # fmt: skip
        if state.excluded:
            self.add(Exclusion, id=uuid.uuid4(), person_id=self.person_id, case_id=case_id,
                     from_at=EXCLUSION.from_at, until_at=EXCLUSION.until_at,
                     recorded_by_id=self.person_id)  # fmt: skip
        if state.recused != "none":
            self.add(Recusal, id=uuid.uuid4(), person_id=self.person_id, case_id=case_id, at=START,
                     lifted_at=START if state.recused == "lifted" else None)  # fmt: skip
        return case_id, section_id

    def identity(self, table: Table, case_id: uuid.UUID, state: str) -> uuid.UUID:
        """An identity of the other organisation, with what the person said of it."""
        section_id = uuid.uuid4()
        self.identities.add(section_id)
        self.add(Section, id=section_id, case_id=case_id, section_type_id=self.table(table)[2],
                 source_organisation_id=self.other, position=1, updated_at=START, version=5, words_version=2,
                 asks_from=START if state == "unapproved" else None,
                 regime=Regime.WPG if state == "undecided" else Regime.AVG, text_ct=b"x")  # fmt: skip
        if state in {"answered", "asked"}:
            self.add(Declaration, id=uuid.uuid4(), person_id=self.person_id, case_id=case_id, at=START,
                     section_id=section_id, words_version=2 if state == "answered" else 1)  # fmt: skip
        return section_id

    def seat(self, meeting_id: uuid.UUID, case_id: uuid.UUID, section_id: uuid.UUID, seat: SeatState,
             *, identity_id: uuid.UUID | None, item_removed: bool, said: Span) -> None:  # fmt: skip
        item_id, seat_id = uuid.uuid4(), uuid.uuid4()
        self.add(AgendaItem, id=item_id, meeting_id=meeting_id, case_id=case_id, kind=ItemKind.CASE,
                 position=1, minutes=30, starts_at=at(5), ends_at=at(6),
                 opened_at=OPENED.from_at if seat.item_opened else None,
                 removed_at=START if item_removed else None)  # fmt: skip
        self.add(Seat, id=seat_id, item_id=item_id, is_staff_only=False, is_proposed=seat.proposed,
                 organisation_id=self.own if seat.own_organisation else self.other,
                 presence=seat.presence,
                 removed_at=START if seat.removed else None)  # fmt: skip
        if seat.hold is not NEVER:
            self.add(SeatHold, id=uuid.uuid4(), seat_id=seat_id, person_id=self.person_id,
                     from_at=seat.hold.from_at, until_at=seat.hold.until_at, is_deputy=seat.is_deputy,
                     answer="open")  # fmt: skip
        if identity_id is not None:
            self.add(Disclosure, id=uuid.uuid4(), seat_id=seat_id, section_id=identity_id, ground="g",
                     purpose="p", necessity="n", is_standard=True, decided_by_id=self.person_id,
                     decided_at=START, source_decided_at=None, source_until_at=None, source_basis="", source_refused=False,
                     withdrawn_at=START if seat.identity == "withdrawn" else None)  # fmt: skip
        if seat.disclosed != "none":
            self.add(Disclosure, id=uuid.uuid4(), seat_id=seat_id, section_id=section_id, ground="g",
                     purpose="p", necessity="n", is_standard=True, decided_by_id=self.person_id,
                     decided_at=START, source_decided_at=START if seat.source_decided else None,
                     source_until_at=said.until_at if seat.source_decided else None,
                     source_basis="", source_refused=False, withdrawn_at=START if seat.disclosed == "withdrawn" else None)  # fmt: skip

    def populate(self, table: Table, meeting: MeetingState, seats: list[SeatState], state: CaseStateOf,
                 meetings: list[MeetingState] | None = None) -> None:  # fmt: skip
        """One case with one section and its seats; each seat may stand in its own meeting."""
        case_id, section_id = self.case(table, state)
        states = meetings or [meeting] * len(seats)
        for seat, where in zip(seats, states, strict=True):
            identity_id = None
            if seat.identity != "none":
                identity_id = self.identity(table, case_id, seat.identity)
                self.facts[identity_id] = self._facts(table, state, [seat], [where], identity=True)
            self.seat(self.meeting(table, where), case_id, section_id, seat,
                      identity_id=identity_id, item_removed=state.item_removed, said=state.said)  # fmt: skip
        self.facts[section_id] = self._facts(table, state, seats, states, identity=False)

    @staticmethod
    def _facts(table: Table, state: CaseStateOf, seats: list[SeatState], states: list[MeetingState],
               *, identity: bool) -> SectionFacts:  # fmt: skip
        """What the rule asks of the section, or of the identity disclosed to these seats."""
        return SectionFacts(
            active=True,
            administrator=False,
            excluded=EXCLUSION if state.excluded else NEVER,
            recused=state.recused == "live",
            staff_role=ROLE if table.role is TableRoleName.COORDINATOR else NEVER,
            representative_role=ROLE if table.role is TableRoleName.REPRESENTATIVE else NEVER,
            is_source=state.source_is_own and not identity,
            regime=(Regime.WPG if seats[0].identity == "undecided" else Regime.AVG)
            if identity
            else state.regime,
            seats=tuple(
                SeatFacts(
                    hold=seat.hold,
                    same_organisation=seat.own_organisation,
                    seat_live=not seat.removed and not seat.proposed,
                    on_agenda=not state.item_removed and not where.cancelled,
                    window=WINDOW,
                    published=PUBLISHED if where.published else NEVER,
                    accepted=where.accepted,
                    covenant=table.covenant,
                    disclosed=seat.identity != "withdrawn"
                    if identity
                    else seat.disclosed == "live",
                    source_decided=seat.source_decided and not identity,
                    knows_nobody=seat.identity != "asked",
                    asks_source=seat.identity == "unapproved"
                    if identity
                    else state.asks == "extra",
                    source_said=state.said,
                    taken_up=seat.taken_up(where),
                )
                for seat, where in zip(seats, states, strict=True)
            ),
        )

    def split_witnesses(self) -> None:
        """Two seats on one case that each fail another condition: together they open nothing."""
        good = SeatState(HOLD, removed=False, proposed=False, own_organisation=True, disclosed="live", source_decided=True)  # fmt: skip
        no_disclosure = SeatState(HOLD, removed=False, proposed=False, own_organisation=True, disclosed="none", source_decided=False)  # fmt: skip
        # A seat that asks does not close one that has nothing to ask, at the same case or elsewhere.
        asking = dataclasses.replace(good, identity="asked")
        open_meeting, unaccepted = MeetingState(True, False, True), MeetingState(True, False, False)
        plain = CaseStateOf(False, Regime.AVG, False, "none", False)
        later = dataclasses.replace(plain, asks="later")
        unapproved = dataclasses.replace(good, identity="unapproved")
        for table in TABLES:
            self.populate(
                table, open_meeting, [good, no_disclosure], plain, [unaccepted, open_meeting]
            )
            self.populate(table, open_meeting, [asking, no_disclosure], plain)
            self.populate(table, open_meeting, [asking, good], plain)
            # Who read it before the source asked to be asked reads on; nobody answers about what
            # the source did not agree to show.
            self.populate(
                table, open_meeting, [dataclasses.replace(good, source_decided=False)], later
            )
            self.populate(table, open_meeting, [unapproved], plain)
            # Papers that open with the items wait for the item and for the roll call.
            for presence, opened, is_deputy in itertools.product(
                (None, *PresenceState), (True, False), (True, False)
            ):
                seen = dataclasses.replace(
                    good, presence=presence, item_opened=opened, is_deputy=is_deputy
                )
                self.populate(table, WITH_ITEM, [seen], plain)
                self.populate(table, open_meeting, [seen], plain)

    def store(self) -> None:
        with transaction() as session:
            for model, rows in self.rows.items():
                for start in range(0, len(rows), 5000):
                    session.execute(insert(model), rows[start : start + 5000])


def stored(*, deep: bool) -> World:
    made = World()
    for table, meeting, seat, case in worlds(deep=deep):
        made.populate(table, meeting, [seat], case)
    made.split_witnesses()
    made.store()
    return made


@pytest.fixture
def world(app, deep: bool) -> World:
    return stored(deep=deep)


def agrees_with_the_wall(world: World, now: datetime) -> None:
    """A SELECT without any condition, by the person, against what the rule in Python opens.

    Beside that the wall shows the identities about which the person still has to answer. Just
    before a boundary all is as it was at the last one.
    """
    if now.minute:
        return
    fake = clock.FrozenClock(now)
    with clock.use(fake), wall.acting_as(world.person_id), reading() as session:
        if session.get_bind().dialect.name != "postgresql":
            return
        shown = set(session.scalars(select(Section.id)))
    facts = world.facts | {one: as_answered(world.facts[one]) for one in world.identities}
    expected = {one for one, known in facts.items() if decide(known, now) is not None}
    assert shown == expected, f"the second wall differs at {now:%H:%M:%S}"


def as_answered(facts: SectionFacts) -> SectionFacts:
    return dataclasses.replace(
        facts,
        seats=tuple(dataclasses.replace(one, knows_nobody=True) for one in facts.seats),
        tasks=tuple(dataclasses.replace(one, knows_nobody=True) for one in facts.tasks),
    )


def test_rule_in_sql_and_rule_in_python_agree_at_every_boundary(world: World, deep: bool) -> None:
    grounds_seen: set[Ground | None] = set()
    for now in INSTANTS:
        with transaction() as session:
            actor = load_actor(session, world.person_id, now=now)
            statement = scopes.visible_sections(actor, now=now)
            ground = statement.selected_columns["ground"]
            rows = session.execute(statement.with_only_columns(Section.id, ground)).all()
        in_sql = {row[0]: Ground(row[1]) for row in rows}
        in_python = {
            section_id: ground
            for section_id, facts in world.facts.items()
            if (ground := decide(facts, now)) is not None
        }
        assert in_sql == in_python, f"the two forms of the rule differ at {now:%H:%M:%S}"
        grounds_seen |= set(in_python.values())
        if not deep:
            agrees_with_the_wall(world, now)
    assert grounds_seen == {Ground.SEAT, Ground.STAFF, Ground.SOURCE}


@pytest.mark.deep
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_wall_agrees_with_the_slice(app) -> None:
    """As in the ordinary run: nobody holds all these seats, and the wall is not built for it."""
    world = stored(deep=False)
    for now in INSTANTS:
        agrees_with_the_wall(world, now)


def test_a_seat_of_an_account_blocked_since_opens_nothing(app) -> None:
    world = World()
    world.split_witnesses()
    world.store()
    with transaction() as session:
        actor = load_actor(session, world.person_id, now=at(5))
        assert session.execute(scopes.open_items(actor, now=at(5))).first() is not None
        session.get(Person, world.person_id).state = AccountState.BLOCKED
        session.flush()
        by_seat = scopes.open_items(actor, now=at(5))
        assert session.execute(by_seat).first() is None
