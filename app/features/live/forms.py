"""The forms of the working page: a decision, an action, presence."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.errors import Reason, Refusal
from app.domain.kinds import DecisionKind, PresenceState
from app.features.live.mending import ActionWords
from app.features.live.pages import Place
from app.features.live.service import NewAction, NewDecision
from app.web import labels
from app.web.forms import BaseForm, DateField, VersionForm, at_most, needed

MOST_TEXT = 2000
MOST_SAFE = 120


class BystanderForm(BaseForm):
    """Who is in the room without a seat."""

    who = StringField(_l("Wie is er, en van welke organisatie?"), [needed(), at_most(MOST_SAFE)])


class AdmitForm(BaseForm):
    """Why somebody without a seat may stay."""

    reason = TextAreaField(_l("Waarom mag deze persoon blijven?"), [needed(), at_most(400)])


class DecisionForm(BaseForm):
    """What was agreed, of which kind, for whom, and whether somebody sees it otherwise."""

    text = TextAreaField(_l("Wat is afgesproken?"), validators=[needed(), at_most(MOST_TEXT)])
    kind = SelectField(_l("Soort"), choices=labels.choices(labels.DECISION_KIND))
    addressees = SelectMultipleField(_l("Voor wie?"), validators=[Optional()])
    dissent = TextAreaField(_l("Afwijkend standpunt, en van wie"), validators=[at_most(MOST_TEXT)])

    def offer(self, places: tuple[Place, ...]) -> None:
        """Offer the seats at the item."""
        self.addressees.choices = [
            SelectChoice(str(one.seat_id), f"{one.code} {one.person}".strip()) for one in places
        ]

    def to_decision(self) -> NewDecision:
        """The decision as the service takes it."""
        return NewDecision(
            text=self.text.data or "",
            kind=DecisionKind(self.kind.data),
            dissent=self.dissent.data or "",
            addressee_ids=tuple(uuid.UUID(one) for one in self.addressees.data or ()),
        )


class ActionForm(BaseForm):
    """Who does what by when; the neutral text has no names and no case facts."""

    safe = StringField(_l("Actie, neutrale tekst"), validators=[needed(), at_most(MOST_SAFE)])
    full = TextAreaField(_l("Inhoudelijke tekst"), validators=[at_most(MOST_TEXT)])
    holder = SelectField(_l("Actiehouder"), validators=[needed(_l("Kies een actiehouder."))])
    due_on = DateField(_l("Uiterlijk"), validators=[needed(_l("Vul een datum in."))])

    def offer(self, places: tuple[Place, ...]) -> None:
        """Offer the seats at the item as holders."""
        self.holder.choices = [
            SelectChoice("", _l("Kies")),
            *(SelectChoice(str(one.seat_id), f"{one.code} {one.person}".strip()) for one in places),
        ]

    def to_action(self) -> NewAction:
        """The action as the service takes it; Refusal when only white space was typed."""
        if self.due_on.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "due_on")
        return NewAction(
            seat_id=uuid.UUID(self.holder.data),
            due_on=self.due_on.parsed,
            safe=self.safe.data or "",
            full=self.full.data or "",
        )


class DecisionTextForm(VersionForm):
    """The words of a decision, changed."""

    text = TextAreaField(_l("Wat is afgesproken?"), validators=[needed(), at_most(MOST_TEXT)])
    dissent = TextAreaField(
        _l("Afwijkend standpunt, en van wie"), validators=[Optional(), at_most(MOST_TEXT)]
    )


class ActionTextForm(VersionForm):
    """The words and the date of an action, changed before the minutes are adopted."""

    safe = StringField(_l("Actie, neutrale tekst"), validators=[needed(), at_most(MOST_SAFE)])
    full = TextAreaField(_l("Inhoudelijke tekst"), validators=[Optional(), at_most(MOST_TEXT)])
    due_on = DateField(_l("Uiterlijk"), validators=[needed(_l("Vul een datum in."))])

    def to_words(self) -> ActionWords:
        """The action as the service takes it; Refusal when only white space was typed."""
        if self.due_on.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "due_on")
        return ActionWords(
            safe=self.safe.data or "",
            full=self.full.data or "",
            due_on=self.due_on.parsed,
            version=self.known_version,
        )


class PresenceForm(BaseForm):
    """Roll call for one seat."""

    presence = SelectField(_l("Aanwezigheid"), choices=labels.choices(labels.PRESENCE))

    def to_presence(self) -> PresenceState:
        """The state as the service takes it."""
        return PresenceState(self.presence.data)
