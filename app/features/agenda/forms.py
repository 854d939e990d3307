"""The forms around a seat; choices come in already scoped."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.kinds import TableRoleName
from app.features.agenda.disclosing import SeatPlan
from app.features.agenda.matrix_pages import (
    ItemMatrix,
    MatrixPage,
    Pair,
    Proposal,
    mark_of,
    proposal_of,
)
from app.features.agenda.matrix_saving import MatrixPlan
from app.features.agenda.pages import Choice, ProposalRow, SeatPage
from app.features.agenda.reasons import Reasoning
from app.web import labels
from app.web.forms import BaseForm, at_most


def _in_words(one: Choice) -> str:
    """A person as offered for a seat; a standing deputy is marked as one."""
    standing = labels.TABLE_ROLE[TableRoleName.DEPUTY]
    return f"{one.name} ({standing})" if one.is_standing_deputy else one.name


class OccupantForm(BaseForm):
    """Who occupies a seat, and whether others at the table see it."""

    occupant = SelectField(_l("Deelnemer"))
    staff_only = BooleanField(_l("Alleen voorzitter en procesregisseur zien deze deelname"))

    def offer(self, people: Sequence[Choice]) -> None:
        """Give the people who may be chosen; nobody yet is always possible."""
        self.occupant.choices = [
            ("", _l("Nog niemand aangewezen")),
            *((str(one.id), _in_words(one)) for one in people),
        ]

    def to_person_id(self) -> uuid.UUID | None:
        """The chosen person; call after validation."""
        return uuid.UUID(self.occupant.data) if self.occupant.data else None


class ReasonForm(BaseForm):
    """Why something that is not standard is shown: a text of the table, or words of one's own."""

    text = SelectField(_l("Grondslag, doel en noodzaak"), default="")
    ground = StringField(_l("Grondslag"), validators=[Optional(), at_most(200)])
    purpose = StringField(_l("Doel"), validators=[Optional(), at_most(200)])
    necessity = TextAreaField(_l("Noodzaak"), validators=[Optional(), at_most(400)])

    def offer_texts(self, texts: Iterable[tuple[str, str]]) -> None:
        """Give the texts of the table."""
        self.text.choices = [("", _l("Eigen woorden")), *texts]

    def to_reasoning(self) -> Reasoning:
        """Why; call after validation."""
        return Reasoning(
            ground=self.ground.data or "",
            purpose=self.purpose.data or "",
            necessity=self.necessity.data or "",
            text_id=uuid.UUID(self.text.data) if self.text.data else None,
        )


class SeatForm(OccupantForm, ReasonForm):
    """Everything staff decide about one seat."""

    standing = HiddenField()
    sections = SelectMultipleField(_l("Rubrieken"))

    def offer_seat(self, page: SeatPage) -> None:
        """Give the people and sections that may be chosen."""
        people = list(page.people)
        if page.occupant_id and page.occupant_id not in {one.id for one in people}:
            # Somebody who may no longer be chosen still shows as what stands now.
            people.append(Choice(page.occupant_id, page.occupant))
        self.offer(people)
        self.sections.choices = [(str(row.id), row.label_nl) for row in page.sections]
        self.offer_texts(page.texts)

    def catch_up(self, page: SeatPage) -> None:
        """Go on from how the seat stands now; what was chosen stays chosen."""
        self.standing.data = page.standing

    def to_plan(self) -> SeatPlan:
        """The typed plan; call after validation."""
        return SeatPlan(
            standing=self.standing.data or "",
            person_id=self.to_person_id(),
            staff_only=bool(self.staff_only.data),
            section_ids=frozenset(uuid.UUID(one) for one in self.sections.data or []),
            deviation=self.to_reasoning(),
        )


class MatrixForm(ReasonForm):
    """Which seats of an item are shown which sections; saved only after a look at what changes."""

    standing = HiddenField()
    reviewed = HiddenField()
    proposal = HiddenField()
    pairs = SelectMultipleField(_l("Rubrieken per deelname"))

    def offer(self, page: MatrixPage, item: ItemMatrix) -> None:
        """Give the boxes of the item and the texts of the table."""
        boxes = (box for row in item.rows for box in row.boxes)
        self.pairs.choices = [(box.pair, box.pair) for box in boxes]
        self.offer_texts(page.texts)

    def go_on(self, item: ItemMatrix) -> None:
        """Go on from how the item stands now; what these ticks change has now been shown."""
        self.standing.data, self.reviewed.data = item.standing, item.ticks

    def to_pairs(self) -> frozenset[Pair]:
        """The ticked boxes; call after validation."""
        ticked = (pair.split(":") for pair in self.pairs.data or [])
        return frozenset((uuid.UUID(seat), uuid.UUID(section)) for seat, section in ticked)

    def is_reviewed(self) -> bool:
        """What these ticks change was shown before they were sent."""
        return self.reviewed.data == mark_of(self.to_pairs())

    def to_proposal(self) -> Proposal:
        """What was ticked beforehand; anything odd is nothing."""
        return proposal_of(self.proposal.data)

    def to_plan(self) -> MatrixPlan:
        """The typed plan; call after validation."""
        return MatrixPlan(
            standing=self.standing.data or "",
            ticked=self.to_pairs(),
            proposal=self.to_proposal(),
            deviation=self.to_reasoning(),
        )


class StandardForm(BaseForm):
    """The standard disclosures to give, each a seat and a section."""

    pairs = SelectMultipleField(_l("Rubrieken per deelname"))

    def offer(self, rows: Sequence[ProposalRow]) -> None:
        """Give the pairs that are on the list now."""
        self.pairs.choices = [(row.pair, row.section.label_nl) for row in rows]

    def to_pairs(self) -> set[tuple[uuid.UUID, uuid.UUID]]:
        """The ticked pairs; call after validation."""
        ticked = (pair.split(":") for pair in self.pairs.data or [])
        return {(uuid.UUID(seat), uuid.UUID(section)) for seat, section in ticked}
