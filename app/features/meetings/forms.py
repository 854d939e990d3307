"""The forms around a meeting and its agenda; choices come in already scoped."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import NumberRange, Optional

from app.access.meetings.placing import NewCaseItem
from app.domain.kinds import DiscussionKind, ItemKind
from app.features.meetings.items import FixedItem
from app.features.meetings.prepared import SeatView
from app.features.meetings.sending import What
from app.features.meetings.service import MeetingTimes
from app.web import labels
from app.web.forms import BaseForm, DateField, TimeField, at_most, given, link_field, needed
from app.web.rooms import RoomField

MOST_MINUTES = 480


def chosen(choices: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - rows with id and name
    """Choices of a select from rows with an id and a name, with an empty first one."""
    return [("", _l("Kies …")), *((str(choice.id), choice.name) for choice in choices)]


LONGEST_REASON = 400


def _minutes() -> IntegerField:
    return IntegerField(
        _l("Aantal minuten"),
        validators=[
            needed(_l("Vul een aantal minuten in.")),
            NumberRange(1, MOST_MINUTES, _l("Kies 1 tot 480 minuten.")),
        ],
    )


class TimesForm(BaseForm):
    """When and where a meeting is."""

    day = DateField(_l("Datum"), validators=[needed(_l("Vul de datum in."))])
    start = TimeField(_l("Begin"), validators=[needed(_l("Vul de begintijd in."))])
    end = TimeField(_l("Einde"), validators=[needed(_l("Vul de eindtijd in."))])
    room = RoomField(validators=[Optional()])
    place = StringField(_l("Plaats"), validators=[Optional(), at_most(200)])
    link = link_field()
    version = HiddenField()

    def to_times(self) -> MeetingTimes:
        """The typed times; call after validation."""
        return MeetingTimes(
            day=given(self.day.parsed, "day"),
            start=given(self.start.parsed, "start"),
            end=given(self.end.parsed, "end"),
            place=self.place.data or "",
            link=self.link.data or "",
            room_id=self.room.room_id,
        )


class NewMeetingForm(TimesForm):
    """A meeting of one of the tables served."""

    table = SelectField(_l("Casustafel"), validators=[needed(_l("Kies een casustafel."))])


class CaseItemForm(BaseForm):
    """Length and kind of a discussion."""

    minutes = _minutes()
    discussion = SelectField(_l("Soort bespreking"), choices=labels.choices(labels.DISCUSSION_KIND))

    def to_discussion(self) -> DiscussionKind:
        """The chosen kind; call after validation."""
        return DiscussionKind(self.discussion.data)


class NewCaseItemForm(CaseItemForm):
    """A case for the agenda."""

    case = SelectField(_l("Casus"), validators=[needed(_l("Kies een casus."))])
    reason = StringField(
        _l("Waarom nog na de sluiting?"), validators=[Optional(), at_most(LONGEST_REASON)]
    )

    def to_item(self) -> NewCaseItem:
        """The typed item; call after validation."""
        return NewCaseItem(
            case_id=uuid.UUID(self.case.data),
            minutes=given(self.minutes.data, "minutes"),
            discussion=self.to_discussion(),
            reason=self.reason.data or "",
        )


class FixedItemForm(BaseForm):
    """A fixed block of the agenda."""

    kind = SelectField(_l("Onderdeel"), choices=labels.choices(labels.FIXED_ITEM_KIND))
    minutes = _minutes()
    at = TimeField(_l("Vaste tijd (alleen bij een pauze)"), validators=[Optional()])

    def to_item(self, kind: ItemKind | None = None) -> FixedItem:
        """The typed block; call after validation."""
        return FixedItem(
            kind=kind or ItemKind(self.kind.data),
            minutes=given(self.minutes.data, "minutes"),
            at=self.at.parsed,
        )


class MoveForm(BaseForm):
    """One press on an arrow, or a drop on a place; sent without a key: pressing twice is meant."""

    direction = StringField()
    position = IntegerField(validators=[Optional(), NumberRange(1, 999)])


class OrderForm(BaseForm):
    """The order that was shown, to be taken over as it is."""

    order = HiddenField()
    version = HiddenField()


class DeadlineForm(BaseForm):
    """Until when input may be given."""

    day = DateField(_l("Uiterste datum"), validators=[needed(_l("Vul de uiterste datum in."))])
    at = TimeField(_l("Uiterste tijd"), validators=[needed(_l("Vul de uiterste tijd in."))])

    def to_deadline(self) -> tuple[date, time]:
        """The typed deadline; call after validation."""
        return given(self.day.parsed, "day"), given(self.at.parsed, "at")


class AskForm(DeadlineForm):
    """Whom to ask for input, and until when it may be given."""

    seat = SelectField(_l("Wie vraagt u?"))
    what = RadioField(
        _l("Wat vraagt u?"),
        choices=[
            SelectChoice(What.CONTENT, _l("Inbreng")),
            SelectChoice(What.KNOWN_FIRST, _l("Eerst: bekend bij u? Daarna inbreng")),
            SelectChoice(What.KNOWN, _l("Alleen: bekend bij u?")),
        ],
        default=What.CONTENT.value,
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )

    def offer(self, seats: Sequence[SeatView]) -> None:
        """Give the seats that may be asked alone; everybody comes first."""
        self.seat.choices = [
            ("", _l("Iedereen die nog niet is gevraagd (%(num)s)", num=len(seats))),
            *((str(one.id), f"{one.reference}: {one.name}, {one.occupant}") for one in seats),
        ]

    def to_seat_id(self) -> uuid.UUID | None:
        """The one seat to ask; None for everybody. Call after validation."""
        return uuid.UUID(self.seat.data) if self.seat.data else None
