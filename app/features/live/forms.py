"""The forms of the working page: a decision, an action, presence."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.errors import Reason, Refusal
from app.domain.kind_document import OutcomeRule
from app.domain.kinds import PresenceState
from app.features.live.capture_forms import DecisionForm, seat_choices
from app.features.live.finishing import InRoom
from app.features.live.mending import ActionToEdit, ActionWords
from app.features.live.mending_decisions import DecisionToEdit
from app.features.live.notes import NoteToEdit
from app.web import labels
from app.web.forms import BaseForm, DateField, TimeField, VersionForm, at_most, moment_of, needed

MOST_TEXT = 2000
MOST_SAFE = 120


class BystanderForm(BaseForm):
    """Who is in the room without a seat."""

    who = StringField(_l("Wie is er, en van welke organisatie?"), [needed(), at_most(MOST_SAFE)])


class AdmitForm(BaseForm):
    """Why somebody without a seat may stay."""

    reason = TextAreaField(_l("Waarom mag deze persoon blijven?"), [needed(), at_most(400)])


class OutcomeForm(BaseForm):
    """What came of a discussion."""

    outcome = RadioField(_l("Uitkomst"), validators=[Optional()], choices=[])

    def offer_outcomes(self, offered: tuple[OutcomeRule, ...], language: str) -> None:
        """Offer what may come of it, in the words of the kind of the table."""
        if offered:
            self.outcome.choices = [
                SelectChoice("", _l("geen uitkomst vastleggen")),
                *(SelectChoice(one.code, one.text.of(language)) for one in offered),
            ]


class LeaversForm(OutcomeForm):
    """The same, who leaves after it, and whether its case returns."""

    left = SelectMultipleField(_l("Wie gaat weg?"), validators=[Optional()])
    returns = BooleanField(_l("Deze casus keert terug op een volgend overleg"))

    def offer(self, room: tuple[InRoom, ...]) -> None:
        """Offer those who have no place at the next item."""
        self.left.choices = [SelectChoice(one.key, one.words) for one in room]


class DecisionTextForm(DecisionForm, VersionForm):
    """A decision, changed: the same fields as when it was recorded."""

    @classmethod
    def of(cls, page: DecisionToEdit) -> DecisionTextForm:
        """The form as the decision stands."""
        one = page.stands
        form = cls(
            text=one.text,
            kind=one.kind.value,
            taken_by=str(one.taken_by_seat_id or ""),
            addressees=[str(each) for each in one.addressee_ids],
            dissent=one.dissent,
            dissent_seat=str(one.dissent_seat_id or ""),
            oral_mark=str(one.oral_mark_id or ""),
            version=page.version,
        )
        form.offer(page)
        return form


class NoteTextForm(VersionForm):
    """A note, changed: its words and who reads them."""

    text = TextAreaField(_l("Notitie"), validators=[needed(), at_most(MOST_TEXT)])
    readers = SelectMultipleField(_l("Wie mag dit lezen?"), validators=[Optional()])

    @classmethod
    def of(cls, page: NoteToEdit) -> NoteTextForm:
        """The form as the note stands."""
        readers = [str(each) for each in page.reader_ids]
        form = cls(text=page.text, readers=readers, version=page.version)
        form.readers.choices = seat_choices(page.places)
        return form

    def to_readers(self) -> tuple[uuid.UUID, ...]:
        """The seats chosen."""
        return tuple(uuid.UUID(one) for one in self.readers.data or ())


class ActionTextForm(VersionForm):
    """The words, the holder and the date of an action, changed before adoption."""

    safe = StringField(_l("Actie, neutrale tekst"), validators=[needed(), at_most(MOST_SAFE)])
    full = TextAreaField(_l("Inhoudelijke tekst"), validators=[Optional(), at_most(MOST_TEXT)])
    holder = SelectField(_l("Actiehouder"), validators=[Optional()])
    due_on = DateField(_l("Uiterlijk"), validators=[needed(_l("Vul een datum in."))])
    due_time = TimeField(_l("Uiterlijk om"), validators=[Optional()])

    def offer(self, page: ActionToEdit) -> None:
        """Offer the seats at the item; a holder who sits on none of them can stay."""
        stays = [] if page.seat_id else [SelectChoice("", _l("Blijft zoals het is"))]
        self.holder.choices = [*stays, *seat_choices(page.places)]

    def to_words(self) -> ActionWords:
        """The action as the service takes it; Refusal when only white space was typed."""
        if self.due_on.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "due_on")
        return ActionWords(
            safe=self.safe.data or "",
            full=self.full.data or "",
            due_on=self.due_on.parsed,
            due_at=moment_of(self.due_on.parsed, self.due_time.parsed, "due_time"),
            seat_id=uuid.UUID(self.holder.data) if self.holder.data else None,
            version=self.known_version,
        )


class PresenceForm(BaseForm):
    """Roll call for one seat."""

    presence = SelectField(_l("Aanwezigheid"), choices=labels.choices(labels.PRESENCE))

    alone = SelectField(
        _l("Alleen in de ruimte?"),
        choices=[
            SelectChoice("", _l("niet gevraagd")),
            SelectChoice("yes", _l("ja")),
            SelectChoice("no", _l("nee")),
        ],
        default="",
    )

    def to_presence(self) -> PresenceState:
        """The state as the service takes it."""
        return PresenceState(self.presence.data)

    def to_alone(self) -> bool | None:
        """What somebody elsewhere said; None when nobody asked."""
        return {"yes": True, "no": False}.get(self.alone.data)
