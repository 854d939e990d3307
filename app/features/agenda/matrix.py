"""Reads the matrix of sections and seats: given, proposed, changed; a handful of statements.

The number of statements does not depend on how many cases, seats and sections there are.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app import access
from app.access import Actor, Permission
from app.access.meetings import matrix as statements
from app.access.meetings import planning
from app.access.meetings.recalls import recalled_at
from app.access.meetings.source_decisions import is_agreed
from app.access.people import is_spoken_for
from app.domain.errors import NotVisible
from app.features.agenda.matrix_changes import changes_of
from app.features.agenda.matrix_pages import (
    Box,
    Column,
    ItemMatrix,
    MatrixPage,
    MatrixRow,
    MatrixSection,
    Pair,
    Proposal,
    mark_of,
    written,
)
from app.features.agenda.reasons import offered
from app.infra import clock
from app.infra.db import reading
from app.models import Case, Disclosure, Meeting, Organisation, Section, StandardDisclosure

Standards = dict[tuple[Any, uuid.UUID], StandardDisclosure]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixFacts:
    """The rows behind the matrix of a meeting; ``given`` holds withdrawn decisions too."""

    meeting: Meeting
    items: list[Any]
    seats: dict[uuid.UUID, list[Any]]
    sections: dict[uuid.UUID, list[Any]]
    given: dict[Pair, list[Disclosure]]
    standards: Standards
    previous: dict[Pair, Disclosure] = field(default_factory=dict)

    def live(self, item: Any) -> set[Pair]:  # noqa: ANN401 - a row
        """What the seats at an item are given just now; some may wait for their source."""
        return {pair for pair in self.known(item) if self._stands(pair)}

    def _stands(self, pair: Pair) -> bool:
        decided = self.given.get(pair)
        return decided is not None and decided[-1].withdrawn_at is None

    def known(self, item: Any) -> dict[Pair, tuple[Organisation, Section]]:  # noqa: ANN401 - a row
        """Every seat and section of an item that may be chosen together."""
        return {
            (seat.Seat.id, row.Section.id): (seat.Organisation, row.Section)
            for seat in self.seats[item.AgendaItem.id]
            for row in self.sections[item.Case.id]
            if recalled_at(row.Section, row.SectionType) is None
        }

    def standard(self, organisation: Organisation, section: Section) -> StandardDisclosure | None:
        """What the table gives this kind of partner of such a section by standard."""
        return self.standards.get((organisation.kind, section.section_type_id))

    def proposed(self, item: Any, proposal: Proposal) -> set[Pair]:  # noqa: ANN401 - a row
        """What a proposal adds to what is given; what was withdrawn here is not proposed again."""
        if proposal is Proposal.NONE:
            return set()
        return {
            pair
            for pair, (organisation, section) in self.known(item).items()
            if pair not in self.given
            and (
                self.standard(organisation, section)
                if proposal is Proposal.STANDARD
                else pair in self.previous
            )
        }


def read_facts(
    session: Session, actor: Actor, meeting_id: uuid.UUID, *, proposal: Proposal, now: datetime
) -> MatrixFacts:
    """Everything the matrix is made of: six statements, one more for what stood last time."""
    meeting = access.load_meeting(session, actor, meeting_id, Permission.DISCLOSURE_DECIDE)
    items = list(session.execute(statements.case_items(actor, meeting_id, now=now)))
    seats, sections, given = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in session.execute(statements.seats(actor, meeting_id, now=now)):
        seats[row.Seat.item_id].append(row)
    case_ids = [row.Case.id for row in items]
    for row in session.execute(_sections(actor, case_ids, now)):
        sections[row.Section.case_id].append(row)
    for one, _seat in session.execute(statements.disclosures(actor, meeting_id, now=now)):
        given[one.seat_id, one.section_id].append(one)
    standards = session.execute(statements.standards(meeting.table_id))
    facts = MatrixFacts(
        meeting=meeting,
        items=items,
        seats=seats,
        sections=sections,
        given=dict(given),
        standards={(one.organisation_kind, one.section_type_id): one for (one,) in standards},
    )
    if proposal is Proposal.PREVIOUS:
        rows = session.execute(statements.previous_seats(actor, meeting, case_ids, now=now))
        facts.previous.update(_carried(facts, list(rows)))
    return facts


def _sections(actor: Actor, case_ids: Collection[uuid.UUID], now: datetime) -> Any:  # noqa: ANN401 - a statement
    return (
        planning.case_sections(actor, list(case_ids), now=now)
        .join(Organisation, Organisation.id == Section.source_organisation_id)
        .add_columns(
            Organisation.name.label("source"),
            is_spoken_for(Organisation.id, Case.table_id, now).label("is_spoken_for"),
        )
    )


def _carried(facts: MatrixFacts, rows: list[Any]) -> dict[Pair, Disclosure]:
    """What each seat was shown last time: its occupant, else everybody of its organisation."""
    shown: dict[uuid.UUID, dict[uuid.UUID, Disclosure]] = defaultdict(dict)
    before: dict[tuple[uuid.UUID, uuid.UUID], dict[uuid.UUID, uuid.UUID | None]] = defaultdict(dict)
    for row in rows:
        before[row.Case.id, row.Seat.organisation_id][row.Seat.id] = row.person_id
        if row.Disclosure is not None:
            shown[row.Seat.id][row.Disclosure.section_id] = row.Disclosure
    carried: dict[Pair, Disclosure] = {}
    for item in facts.items:
        for seat in facts.seats[item.AgendaItem.id]:
            theirs = before[item.Case.id, seat.Organisation.id]
            own = [one for one, who in theirs.items() if seat.Person and who == seat.Person.id]
            alike = [shown[one] for one in own or theirs]
            for section_id in set.intersection(*map(set, alike)) if alike else ():
                carried[seat.Seat.id, section_id] = alike[0][section_id]
    return carried


def read_matrix(actor: Actor, meeting_id: uuid.UUID, proposal: Proposal) -> MatrixPage:
    """The matrix of every case of a meeting, with what a proposal would add."""
    now = clock.now()
    with reading() as session:
        facts = read_facts(session, actor, meeting_id, proposal=proposal, now=now)
        return page_of(facts, proposal)


def read_item_matrix(
    actor: Actor, item_id: uuid.UUID, proposal: Proposal, ticked: Collection[Pair] | None = None
) -> MatrixPage:
    """The matrix of one case; ``ticked`` is what somebody wants, instead of what is given."""
    now = clock.now()
    with reading() as session:
        loaded = access.load_item(session, actor, item_id, Permission.DISCLOSURE_DECIDE)
        facts = read_facts(session, actor, loaded.meeting.id, proposal=proposal, now=now)
        page = page_of(facts, proposal, only=item_id, ticked=ticked)
    if not page.items:
        raise NotVisible
    return page


def page_of(
    facts: MatrixFacts,
    proposal: Proposal,
    *,
    only: uuid.UUID | None = None,
    ticked: Collection[Pair] | None = None,
) -> MatrixPage:
    """The page of these facts."""
    meeting = facts.meeting
    return MatrixPage(
        meeting_id=meeting.id,
        table_id=meeting.table_id,
        table_name=facts.items[0].table_name if facts.items else "",
        starts_at=meeting.starts_at,
        published_at=meeting.published_at,
        is_over=meeting.cancelled_at is not None or meeting.closed_at is not None,
        proposal=proposal,
        texts=offered(facts.standards.values()),
        items=tuple(
            _item(facts, row, proposal, ticked)
            for row in facts.items
            if only is None or row.AgendaItem.id == only
        ),
    )


def _item(
    facts: MatrixFacts, row: Any, proposal: Proposal, wanted: Collection[Pair] | None  # noqa: ANN401 - a row
) -> ItemMatrix:  # fmt: skip
    live = facts.live(row)
    ticked = live | facts.proposed(row, proposal) if wanted is None else set(wanted)
    seats, sections = facts.seats[row.AgendaItem.id], facts.sections[row.Case.id]
    named = {one.Section.id: _section(one) for one in sections}
    rows = tuple(
        MatrixRow(
            named[one.Section.id], tuple(_box(facts, seat, one.Section, ticked) for seat in seats)
        )
        for one in sections
    )
    return ItemMatrix(
        item_id=row.AgendaItem.id,
        reference=row.Case.reference,
        starts_at=row.AgendaItem.starts_at,
        ends_at=row.AgendaItem.ends_at,
        previous_at=row.previous_at,
        standing=mark_of(live),
        ticks=mark_of(ticked),
        columns=tuple(_column(seat, rows) for seat in seats),
        rows=rows,
        changes=changes_of(facts.meeting.published_at, seats, sections, named, facts.given),
    )


def _section(row: Any) -> MatrixSection:  # noqa: ANN401 - a row
    return MatrixSection(
        id=row.Section.id,
        label_nl=row.SectionType.label_nl,
        label_en=row.SectionType.label_en,
        number=row.PersonConcerned.position if row.PersonConcerned else None,
        source=row.source,
        regime=row.Section.regime,
        no_passing_on=row.Section.no_passing_on,
        asks=row.Section.asks_from is not None,
        has_nobody=not row.is_spoken_for,
        recalled_at=recalled_at(row.Section, row.SectionType),
    )


def _box(facts: MatrixFacts, seat: Any, section: Section, ticked: Collection[Pair]) -> Box:  # noqa: ANN401 - a row
    pair = seat.Seat.id, section.id
    decided = facts.given.get(pair, [])
    last = decided[-1] if decided else None
    is_given = last is not None and last.withdrawn_at is None
    return Box(
        pair=written(pair),
        seat_id=seat.Seat.id,
        is_ticked=pair in ticked,
        is_given=is_given,
        is_waiting=is_given and not is_agreed(section, decided[-1], clock.now()),
        is_standard=facts.standard(seat.Organisation, section) is not None,
        was_withdrawn=last is not None and not is_given,
    )


def _column(seat: Any, rows: tuple[MatrixRow, ...]) -> Column:  # noqa: ANN401 - a row
    own = [(row.section, box) for row in rows for box in row.boxes if box.seat_id == seat.Seat.id]
    given = [box for _, box in own if box.is_given]
    return Column(
        seat_id=seat.Seat.id,
        organisation=seat.Organisation.name,
        code=seat.Organisation.code,
        occupant=seat.Person.name if seat.Person else "",
        is_staff_only=seat.Seat.is_staff_only,
        reads=sum(not box.is_waiting for box in given),
        waits=sum(box.is_waiting for box in given),
        gains=tuple(one for one, box in own if box.is_ticked and not box.is_given),
        loses=tuple(one for one, box in own if box.is_given and not box.is_ticked),
    )
