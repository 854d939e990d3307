"""Tasks and emergency readings: the rule in SQL and the rule in Python pin each other.

The same small world and timeline as for seats; one case, one section and one task (or emergency
reading) per state, so that a state that opens too much names itself.
"""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from app.access import load_actor, scopes
from app.access.policy import (
    ALWAYS,
    NEVER,
    EmergencyFacts,
    SectionFacts,
    Span,
    TaskFacts,
    decide,
)
from app.domain.kinds import Ground, ItemKind, Regime, RetentionClass, TableRoleName, TaskKind
from app.infra.db import transaction
from app.models import AgendaItem, BreakGlass, Meeting, Section, SectionType, Task, TaskSection
from tests.integration.test_rule_equivalence import (
    COVENANT,
    EXCLUSION,
    HOLD,
    INSTANTS,
    PUBLISHED,
    ROLE,
    START,
    WINDOW,
    CaseStateOf,
    MeetingState,
    Table,
    World,
    agrees_with_the_wall,
    at,
)

NO_ROLE = Table(COVENANT, None)
READER = Table(COVENANT, TableRoleName.EMERGENCY_READER)
ENDED = Span(HOLD.from_at, at(6))
CASES = [
    CaseStateOf(False, regime, excluded, recused, False)
    for regime in (Regime.AVG, Regime.MEDICAL)
    for excluded in (True, False)
    for recused in ("live", "lifted", "none")
] + [CaseStateOf(False, Regime.AVG, False, "none", False, asks) for asks in ("extra", "later")]


@dataclass(frozen=True)
class TaskState:
    kind: str
    ended: bool
    accepted: bool
    own_organisation: bool
    at_table: bool
    names: str
    source_decided: bool
    identity: str
    closed: bool


TASKS = [
    TaskState(*state)
    for state in itertools.product(
        ("guest", "guest, item removed", "guest, cancelled", "guest, draft", "handover", "case lead"),
        (True, False), (True, False), (True, False), (True, False),
        ("section", "plan", "nothing"), (True, False), ("none", "answered", "asked", "undecided"),
        (True, False),
    )
]  # fmt: skip


class GroundWorld(World):
    """The small world with a plan in the scheme of every table."""

    def __init__(self) -> None:
        super().__init__()
        self.plans: dict[Table, uuid.UUID] = {}

    def plan_type(self, table: Table) -> uuid.UUID:
        if table not in self.plans:
            self.plans[table] = uuid.uuid4()
            self.add(SectionType, id=self.plans[table], table_id=self.table(table)[0], code="p", label_nl="P",
                     label_en="P", position=3, retention=RetentionClass.SUMMARY, is_identity=False,
                     is_input=False, is_plan=True)  # fmt: skip
        return self.plans[table]

    def populate_task(self, state: TaskState, case: CaseStateOf) -> None:
        case_id, section_id = self.case(NO_ROLE, case)
        if state.names == "plan":
            section_id = uuid.uuid4()
            self.add(Section, id=section_id, case_id=case_id, section_type_id=self.plan_type(NO_ROLE),
                     source_organisation_id=self.other, regime=case.regime, asks_from=case.asks_from, position=2,
                     updated_at=START, version=1)  # fmt: skip
        if state.closed:
            self.rows_of(case_id)["closed_at"] = START
        kind, item_id, window, live = self._kind(state, case_id)
        task_id = uuid.uuid4()
        self.add(Task, id=task_id, person_id=self.person_id, case_id=case_id, item_id=item_id, kind=kind,
                 organisation_id=self.own if state.own_organisation else self.other,
                 table_id=self.table(NO_ROLE if state.at_table else READER)[0],
                 opens_question=False, from_at=HOLD.from_at, until_at=HOLD.until_at,
                 accepted_at=PUBLISHED.from_at if state.accepted else None,
                 granted_by_id=self.person_id, granted_at=START,
                 ended_at=ENDED.until_at if state.ended else None)  # fmt: skip
        named = state.names == "section" or (state.names == "plan" and state.source_decided)
        if named:
            self._name(task_id, section_id, decided=state.source_decided, said=case.said)
        if state.identity != "none":
            shown = self.identity(NO_ROLE, case_id, state.identity)
            self._name(task_id, shown, decided=False)
        facts = TaskFacts(
            span=ENDED if state.ended else HOLD,
            accepted=Span(PUBLISHED.from_at) if state.accepted else NEVER,
            same_organisation=state.own_organisation,
            at_table=state.at_table,
            is_case_lead=kind is TaskKind.CASE_LEAD,
            case_goes_on=not state.closed,
            item_live=live,
            window=window,
            named=named,
            is_plan=state.names == "plan",
            source_decided=state.source_decided,
            knows_nobody=state.identity != "asked",
            asks_source=case.asks == "extra",
            source_said=case.said,
        )
        self.facts[section_id] = self._of_case(case, tasks=(facts,))
        if state.identity != "none":
            named_identity = replace(
                facts, named=True, is_plan=False, source_decided=False, asks_source=False
            )
            regime = Regime.WPG if state.identity == "undecided" else Regime.AVG
            self.facts[shown] = replace(self._of_case(case, tasks=(named_identity,)), regime=regime)

    def _name(self, task_id: uuid.UUID, section_id: uuid.UUID, *, decided: bool, said: Span = ALWAYS) -> None:  # fmt: skip
        self.add(TaskSection, task_id=task_id, section_id=section_id, source_basis="",
                 source_decided_at=START if decided else None, source_refused=False,
                 source_until_at=said.until_at if decided else None)  # fmt: skip

    def _kind(self, state: TaskState, case_id: uuid.UUID) -> tuple[TaskKind, uuid.UUID | None, Span, bool]:  # fmt: skip
        if not state.kind.startswith("guest"):
            kind = TaskKind.CASE_LEAD if state.kind == "case lead" else TaskKind.HANDOVER
            return kind, None, ALWAYS, True
        cancelled, draft = state.kind.endswith("cancelled"), state.kind.endswith("draft")
        table = NO_ROLE if state.at_table else READER
        where = MeetingState(published=not draft, cancelled=cancelled, accepted=False)
        removed = state.kind.endswith("removed")
        item_id = uuid.uuid4()
        self.add(AgendaItem, id=item_id, meeting_id=self.meeting(table, where), case_id=case_id,
                 kind=ItemKind.CASE, position=1, minutes=30, starts_at=at(5), ends_at=at(6),
                 removed_at=START if removed else None)  # fmt: skip
        return TaskKind.GUEST, item_id, NEVER if draft else WINDOW, not removed and not cancelled

    def populate_emergency(self, table: Table, span: Span, case: CaseStateOf, *, ended: bool, at_table: bool) -> None:  # fmt: skip
        case_id, section_id = self.case(table, case)
        elsewhere = NO_ROLE if table is READER else READER
        self.add(BreakGlass, id=uuid.uuid4(), person_id=self.person_id, case_id=case_id,
                 table_id=self.table(table if at_table else elsewhere)[0], from_at=span.from_at,
                 until_at=span.until_at, ended_at=at(5) if ended else None)  # fmt: skip
        facts = EmergencyFacts(
            span=Span(span.from_at, at(5)) if ended else span,
            eligible=ROLE if table is READER else NEVER,
            at_table=at_table,
        )
        self.facts[section_id] = self._of_case(case, emergencies=(facts,))

    def rows_of(self, case_id: uuid.UUID) -> dict:
        from app.models import Case

        return next(row for row in reversed(self.rows[Case]) if row["id"] == case_id)

    @staticmethod
    def _of_case(case: CaseStateOf, **grounds: tuple) -> SectionFacts:
        return SectionFacts(
            active=True, administrator=False, excluded=EXCLUSION if case.excluded else NEVER,
            recused=case.recused == "live", staff_role=NEVER, representative_role=NEVER,
            is_source=False, regime=case.regime, seats=(), **grounds,
        )  # fmt: skip

    def store(self) -> None:
        for row in self.rows[SectionType]:
            row.setdefault("is_plan", False)
        for model, columns in ((Meeting, ("series_id",)), (TaskSection, ())):
            for row in self.rows.get(model, []):
                for column in columns:
                    row.setdefault(column, None)
        super().store()


def states(*, deep: bool) -> Iterator[tuple[TaskState, CaseStateOf]]:
    """All combinations, or every 41st (it divides none of the dimensions)."""
    every = itertools.product(TASKS, CASES)
    return every if deep else itertools.islice(every, 0, None, 41)


@pytest.fixture
def world(app, deep: bool) -> GroundWorld:
    return stored(deep=deep)


def stored(*, deep: bool) -> GroundWorld:
    made = GroundWorld()
    for state, case in states(deep=deep):
        made.populate_task(state, case)
    for table, case in itertools.product((NO_ROLE, READER), CASES):
        for ended, at_table in itertools.product((True, False), repeat=2):
            made.populate_emergency(table, Span(at(3), at(8)), case, ended=ended, at_table=at_table)
    made.store()
    return made


def test_both_forms_agree_on_tasks_and_emergencies_at_every_boundary(
    world: GroundWorld, deep: bool
) -> None:
    seen: set[Ground] = set()
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
        seen |= set(in_python.values())
        if not deep:
            agrees_with_the_wall(world, now)
    assert seen == {Ground.TASK, Ground.BREAK_GLASS}


@pytest.mark.deep
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_wall_agrees_with_the_slice(app) -> None:
    """As in the ordinary run: nobody holds all these tasks, and the wall is not built for it."""
    world = stored(deep=False)
    for now in INSTANTS:
        agrees_with_the_wall(world, now)


def test_no_meeting_page_opens_by_a_task_or_in_an_emergency(world: GroundWorld) -> None:
    now = at(5)
    with transaction() as session:
        actor = load_actor(session, world.person_id, now=now)
        everywhere = scopes.visible_sections(actor, now=now)
        at_meetings = [
            scopes.visible_sections(actor, now=now, meeting_id=row["id"])
            for row in world.rows[Meeting]
        ]
        assert session.execute(everywhere).first()
        assert not [one for one in at_meetings if session.execute(one).first()]
