"""The forms for writing down at an item: one line, or a decision, an action, a note, a mark."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.capture import LineKind
from app.domain.kinds import DecisionKind
from app.domain.safe_text import MOST_SAFE
from app.features.live.capturing import MOST_LINE, Typed
from app.features.live.pages import CurrentItem, Mark, Place
from app.features.live.recording import NewAction, NewDecision, NewNote
from app.web import labels
from app.web.forms import (
    BaseForm,
    DateField,
    TimeField,
    at_most,
    clean,
    given,
    moment_of,
    needed,
)
from app.web.guard import current_actor

MOST_TEXT = 2000
SIGNS = (
    (LineKind.DECISION, _l("Afspraak"), "decision"),
    (LineKind.ACTION, _l("Actie"), "action-check"),
    (LineKind.NOTE, _l("Notitie"), "note"),
)


class LineForm(BaseForm):
    """One line; ``seen`` is the line whose reading was on screen, ``writer`` who typed it.

    The rest answers questions.
    """

    line = StringField(_l("Wat is afgesproken?"), [needed(), at_most(MOST_LINE)])
    sign = RadioField(
        _l("Soort"),
        choices=[SelectChoice(kind.value, words) for kind, words, _symbol in SIGNS],
        default=LineKind.ACTION.value,
    )
    seen = HiddenField()
    writer = HiddenField(default=lambda: str(current_actor().person_id))
    owner = StringField(_l("Wie bedoelt u?"), [Optional(), at_most(36)])
    due = DateField(_l("Uiterlijk"), [Optional()])
    safe = StringField(_l("Neutrale tekst"), [Optional(), at_most(MOST_SAFE)])

    @property
    def was_read(self) -> bool:
        """What stands here now was on screen as it reads."""
        return bool(self.line.data) and clean(self.seen.data) == self.line.data

    @classmethod
    def sent(cls) -> LineForm:
        """The line that came; 400, as from another session, where somebody else typed it.

        It may wait in a window in which somebody else signed in since.
        """
        form = cls()
        if form.writer.data != str(current_actor().person_id):
            raise CSRFError
        return form

    def to_typed(self) -> Typed:
        """The line of a valid form for the service; answers count for the line they are about."""
        answered = self.was_read
        return Typed(
            line=self.line.data or "",
            kind=LineKind(self.sign.data),
            key=str(self.submit_key.data or ""),
            seat_id=_id_of(self.owner.data) if answered else None,
            due_on=self.due.parsed if answered else None,
            safe=(self.safe.data or "") if answered else "",
        )


class AtItem(Protocol):
    """What a decision chooses from."""

    @property
    def decision_kinds(self) -> tuple[DecisionKind, ...]: ...
    @property
    def places(self) -> tuple[Place, ...]: ...
    @property
    def marks(self) -> tuple[Mark, ...]: ...


class DecisionForm(BaseForm):
    """What was agreed, of which kind, by whom, for whom, and whether somebody sees it otherwise."""

    text = TextAreaField(_l("Wat is de afspraak?"), [needed(), at_most(MOST_TEXT)])
    kind = SelectField(_l("Soort"), choices=[])
    taken_by = SelectField(_l("Genomen door"), [Optional()], choices=[])
    addressees = SelectMultipleField(_l("Voor wie?"), validators=[Optional()])
    dissent = TextAreaField(_l("Afwijkend standpunt"), [at_most(MOST_TEXT)])
    dissent_seat = SelectField(_l("Van wie is dit standpunt?"), [Optional()], choices=[])
    oral_mark = SelectField(_l("Steunt op een mondelinge toelichting"), [Optional()], choices=[])

    def offer(self, item: AtItem) -> None:
        """Offer the kinds of the table, the seats at the item and what was explained there."""
        self.kind.choices = [
            SelectChoice(kind.value, labels.words(labels.DECISION_KIND, kind))
            for kind in item.decision_kinds
        ]
        seats = seat_choices(item.places)
        self.addressees.choices = seats
        self.taken_by.choices = [SelectChoice("", _l("Iedereen aan tafel")), *seats]
        self.dissent_seat.choices = [SelectChoice("", _l("Kies")), *seats]
        self.oral_mark.choices = [
            SelectChoice("", _l("Nee")),
            *(SelectChoice(str(one.id), _mark_words(one)) for one in item.marks),
        ]

    def to_decision(self) -> NewDecision:
        """The decision as the service takes it."""
        return NewDecision(
            text=self.text.data or "",
            kind=DecisionKind(self.kind.data),
            dissent=self.dissent.data or "",
            addressee_ids=tuple(uuid.UUID(one) for one in self.addressees.data or ()),
            taken_by_seat_id=_id_of(self.taken_by.data),
            dissent_seat_id=_id_of(self.dissent_seat.data),
            oral_mark_id=_id_of(self.oral_mark.data),
        )


class ActionForm(BaseForm):
    """Who does what by when; the neutral text has no names and no case facts."""

    safe = StringField(_l("Actie, neutrale tekst"), validators=[needed(), at_most(MOST_SAFE)])
    full = TextAreaField(_l("Inhoudelijke tekst"), validators=[at_most(MOST_TEXT)])
    holder = SelectField(_l("Actiehouder"), validators=[needed(_l("Kies een actiehouder."))])
    due_on = DateField(_l("Uiterlijk"), validators=[needed(_l("Vul een datum in."))])
    due_time = TimeField(_l("Uiterlijk om"), validators=[Optional()])

    def offer(self, item: CurrentItem) -> None:
        """Offer the seats at the item as holders."""
        self.holder.choices = [SelectChoice("", _l("Kies")), *seat_choices(item.places)]

    def to_action(self) -> NewAction:
        """The action as the service takes it; Refusal when only white space was typed."""
        due_on: date = given(self.due_on.parsed, "due_on")
        return NewAction(
            seat_id=uuid.UUID(self.holder.data),
            due_on=due_on,
            due_at=moment_of(due_on, self.due_time.parsed, "due_time"),
            safe=self.safe.data or "",
            full=self.full.data or "",
        )


class NoteForm(BaseForm):
    """Something to keep, for staff and for whom they choose."""

    note = TextAreaField(_l("Notitie"), [needed(), at_most(MOST_TEXT)])
    readers = SelectMultipleField(_l("Wie mag dit lezen?"), validators=[Optional()])

    def offer(self, item: CurrentItem) -> None:
        """Offer the seats at the item as readers."""
        self.readers.choices = seat_choices(item.places)

    def to_note(self) -> NewNote:
        """The note as the service takes it."""
        readers = tuple(uuid.UUID(one) for one in self.readers.data or ())
        return NewNote(text=self.note.data or "", reader_ids=readers)


class OralMarkForm(BaseForm):
    """Who explained something aloud; there is nowhere to type what."""

    seat = SelectField(_l("Wie gaf mondeling toelichting?"), [needed(_l("Kies een organisatie."))])

    def offer(self, item: CurrentItem) -> None:
        """Offer the seats at the item."""
        self.seat.choices = [SelectChoice("", _l("Kies")), *seat_choices(item.places)]


Kept = DecisionForm | ActionForm | NoteForm | OralMarkForm


@dataclass(frozen=True, slots=True)
class CaptureForms:
    """The five forms of one page; ``failed`` is the one that came back, if any did."""

    line: LineForm
    decision: DecisionForm
    action: ActionForm
    note: NoteForm
    mark: OralMarkForm
    failed: Kept | None


def forms_at(item: CurrentItem | None, failed: Kept | None = None) -> CaptureForms:
    """Fresh forms for an item, with the one that came back in its place."""
    # A line typed when the session ended comes back where it was typed.
    line = LineForm() if request.method == "GET" else LineForm(formdata=None)
    kinds = (DecisionForm, ActionForm, NoteForm, OralMarkForm)
    fresh = {kind: kind(formdata=None) for kind in kinds}
    if failed is not None:
        fresh[type(failed)] = failed
    for form in fresh.values():
        if item is not None:
            form.offer(item)
    decision, action, note, mark = (fresh[kind] for kind in kinds)
    return CaptureForms(line, decision, action, note, mark, failed)


def seat_choices(places: tuple[Place, ...]) -> list[SelectChoice]:
    """The seats of an item by organisation and occupant."""
    return [SelectChoice(str(one.seat_id), f"{one.code} {one.person}".strip()) for one in places]


def _mark_words(one: Mark) -> str:
    if one.is_agreed:
        return str(_("%(code)s, akkoord", code=one.code))
    return str(_("%(code)s, nog geen akkoord", code=one.code))


def _id_of(value: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None
