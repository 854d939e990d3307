"""The forms of a series, an extension, an end and a closure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import NumberRange, Optional

from app.access.meetings.series import FreeDays
from app.domain.rhythm import MOST_INTERVAL, RhythmKind
from app.features.series.closures import Closure
from app.features.series.pages import TableChoice
from app.features.series.plans import TypedRhythm
from app.web import labels
from app.web.forms import BaseForm, DateField, TimeField, at_most, given, link_field, needed
from app.web.rooms import RoomField

SAVE = "save"


def _whole_numbers(first: int, last: int) -> NumberRange:
    return NumberRange(first, last, _l("Kies een getal van 1 tot en met 12."))


class RhythmForm(BaseForm):
    """A rhythm; sent once to look at its days and once more to plan them.

    ``seen`` holds what was typed when the days were shown: other fields ask for another look.
    """

    kind = RadioField(_l("Hoe vaak?"), choices=labels.choices(labels.RHYTHM_KIND))
    interval = IntegerField(
        _l("Om de hoeveel weken of maanden?"),
        default=1,
        validators=[Optional(), _whole_numbers(1, MOST_INTERVAL)],
    )
    weekdays = SelectMultipleField(
        _l("Op welke dagen?"),
        choices=[SelectChoice(str(day), name) for day, name in labels.WEEKDAY.items()],
    )
    nth = SelectField(
        _l("De hoeveelste van de maand?"),
        choices=[SelectChoice(str(nth), name) for nth, name in labels.NTH.items()],
        default="1",
    )
    first_on = DateField(_l("Eerste dag"), validators=[needed(_l("Vul de eerste dag in."))])
    last_on = DateField(_l("Laatste dag"), validators=[needed(_l("Vul de laatste dag in."))])
    start = TimeField(_l("Begin"), validators=[needed(_l("Vul de begintijd in."))])
    end = TimeField(_l("Einde"), validators=[needed(_l("Vul de eindtijd in."))])
    room = RoomField(validators=[Optional()])
    place = StringField(_l("Plaats"), validators=[Optional(), at_most(200)])
    link = link_field()
    skips_holidays = BooleanField(_l("Niet op feestdagen"), default=True)
    good_friday = BooleanField(_l("Ook Goede Vrijdag is vrij"), default=True)
    liberation_day = BooleanField(_l("Ook 5 mei is elk jaar vrij"))
    seen = HiddenField()

    def to_typed(self) -> TypedRhythm:
        """The typed rhythm; call after validation."""
        kind = RhythmKind(self.kind.data)
        named = kind in (RhythmKind.WEEKLY, RhythmKind.MONTHLY)
        return TypedRhythm(
            kind=kind,
            first_on=given(self.first_on.parsed, "first_on"),
            last_on=given(self.last_on.parsed, "last_on"),
            start=given(self.start.parsed, "start"),
            end=given(self.end.parsed, "end"),
            interval=(self.interval.data or 1) if named else 1,
            weekdays=frozenset(int(day) for day in self.weekdays.data or ())
            if named
            else frozenset(),
            nth=int(self.nth.data) if kind is RhythmKind.MONTHLY else 1,
            free=FreeDays(
                self.skips_holidays.data, self.good_friday.data, self.liberation_day.data
            ),
            place=self.place.data or "",
            link=self.link.data or "",
            room_id=self.room.room_id,
        )

    def show(self, typed: TypedRhythm) -> None:
        """Fill the fields from a stored rhythm, as somebody would type it."""
        self.kind.data, self.interval.data = typed.kind.value, typed.interval
        self.weekdays.data = [str(day) for day in sorted(typed.weekdays)]
        self.nth.data = str(typed.nth)
        self.first_on.data = f"{typed.first_on:%d-%m-%Y}"
        self.last_on.data = f"{typed.last_on:%d-%m-%Y}"
        self.start.data, self.end.data = f"{typed.start:%H.%M}", f"{typed.end:%H.%M}"
        self.room.data = str(typed.room_id or "")
        self.place.data, self.link.data = typed.place, typed.link
        self.skips_holidays.data = typed.free.skips_holidays
        self.good_friday.data = typed.free.good_friday
        self.liberation_day.data = typed.free.liberation_day

    def mark(self) -> str:
        """A mark of everything typed, to tell whether the days shown are the days meant."""
        typed = repr(self.to_typed()) + self._more()
        return hashlib.sha256(typed.encode()).hexdigest()

    def _more(self) -> str:
        return ""


class NewSeriesForm(RhythmForm):
    """A rhythm for one of the tables served."""

    table = SelectField(_l("Casustafel"), validators=[needed(_l("Kies een casustafel."))])

    def offer_tables(self, tables: Iterable[TableChoice]) -> None:
        """Give the tables served; a single one is chosen already."""
        found = [SelectChoice(str(one.id), one.name) for one in tables]
        empty = [] if len(found) == 1 else [SelectChoice("", _l("Kies …"))]
        self.table.choices = [*empty, *found]

    def to_table_id(self) -> uuid.UUID:
        """The chosen table; call after validation."""
        return uuid.UUID(self.table.data)

    def _more(self) -> str:
        return str(self.table.data)


class ChangeSeriesForm(RhythmForm):
    """Another rhythm, from a day on; ``stands`` is the rhythm as it is stored."""

    from_on = DateField(_l("Vanaf welke dag?"), validators=[Optional()])
    deadlines = BooleanField(_l("Verzet ook deze uiterste datums voor inbreng"))
    stands: TypedRhythm | None = None

    def _more(self) -> str:
        return f"{self.from_on.data} {self.stands!r}"


class ExtendForm(BaseForm):
    """Until when a series goes on; ``seen`` is the day whose consequences were shown."""

    last_on = DateField(_l("Nieuwe laatste dag"), validators=[needed(_l("Vul de laatste dag in."))])
    seen = HiddenField()

    def mark(self) -> str:
        """The typed day."""
        return str(self.last_on.parsed)

    def to_day(self) -> date:
        """The typed day; call after validation."""
        return given(self.last_on.parsed, "last_on")


class EndForm(BaseForm):
    """From which day a series stops; ``seen`` is the day whose consequences were shown."""

    from_on = DateField(_l("Vanaf welke dag?"), validators=[Optional()])
    seen = HiddenField()

    def mark(self) -> str:
        """The typed day; "" for today, and as long as nothing was sent."""
        return str(getattr(self.from_on, "parsed", None) or "")


class ClearForm(BaseForm):
    """Cancels what was shown; ``seen`` is a mark of it."""

    seen = HiddenField()


class ClosureForm(BaseForm):
    """Days on which a table does not meet."""

    name = StringField(
        _l("Waarom"),
        validators=[needed(_l("Schrijf op waarom, bijvoorbeeld zomervakantie.")), at_most(80)],
    )
    first_on = DateField(_l("Eerste dag"), validators=[needed(_l("Vul de eerste dag in."))])
    last_on = DateField(_l("Laatste dag"), validators=[needed(_l("Vul de laatste dag in."))])

    def to_closure(self) -> Closure:
        """The typed closure; call after validation."""
        return Closure(
            name=given(self.name.data or None, "name"),
            first_on=given(self.first_on.parsed, "first_on"),
            last_on=given(self.last_on.parsed, "last_on"),
        )


class SeveralClosureForm(ClosureForm):
    """The same days for several tables."""

    tables = SelectMultipleField(_l("Overleggen"))

    def offer(self, tables: Sequence[tuple[uuid.UUID, str]]) -> None:
        """The tables there are."""
        self.tables.choices = [SelectChoice(str(key), name) for key, name in tables]

    def ids(self) -> list[uuid.UUID]:
        """The tables ticked; call after validation."""
        return [uuid.UUID(one) for one in self.tables.data or []]
