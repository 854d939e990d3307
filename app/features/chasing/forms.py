"""What is typed about reminders: the schedule of a table, a pause, whom an organisation names."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from app.domain.chasing import MOST_DAYS, Schedule, read_days
from app.domain.kinds import ContactPart
from app.features.chasing.contacts import Named
from app.features.chasing.settings import Settings
from app.infra import clock
from app.web import labels
from app.web.forms import BaseForm, DateField, TimeField, VersionForm, at_most, given, needed

MOST_REASON = 2000


def _some_days(_form: object, field: StringField) -> None:
    try:
        read_days(field.data or "")
    except ValueError:
        message = str(_l("Schrijf getallen van 1 tot en met 60 met een komma ertussen."))
        raise ValidationError(message) from None


def _after(words: Any) -> IntegerField:  # noqa: ANN401 - lazy text
    message = _l("Vul een getal in van %(min)s tot en met %(max)s.")
    return IntegerField(words, [Optional(), NumberRange(min=1, max=MOST_DAYS, message=message)])


class ScheduleForm(VersionForm):
    """How a table chases."""

    days_before = StringField(_l("Werkdagen vóór de termijn"), [at_most(40), _some_days])
    on_the_day = BooleanField(_l("Ook op de dag zelf"))
    days_after = StringField(_l("Werkdagen na de termijn"), [at_most(40), _some_days])
    quiet_from = TimeField(_l("Geen mail vanaf"), [needed()])
    quiet_until = TimeField(_l("Geen mail tot"), [needed()])
    deputy_after = _after(_l("Teamleider of vervanger na"))
    contact_after = _after(_l("Contactpersoon van de organisatie na"))
    chair_after = _after(_l("Voorzitter van het overleg na"))
    verifies = BooleanField(_l("De procesregisseur kijkt na of wat is afgerond ook gedaan is"))

    def to_settings(self) -> Settings:
        """What was typed, as plain values."""
        return Settings(
            schedule=Schedule(
                days_before=read_days(self.days_before.data or ""),
                on_the_day=bool(self.on_the_day.data),
                days_after=read_days(self.days_after.data or ""),
                quiet_from=_minutes(self.quiet_from, midnight=24 * 60),
                quiet_until=_minutes(self.quiet_until, midnight=0),
                deputy_after=self.deputy_after.data,
                contact_after=self.contact_after.data,
                chair_after=self.chair_after.data,
            ),
            verifies=bool(self.verifies.data),
        )


def as_typed(settings: Settings, version: int) -> dict[str, Any]:
    """What the form of a table begins with."""
    one = settings.schedule
    return {
        "days_before": ", ".join(map(str, one.days_before)),
        "on_the_day": one.on_the_day,
        "days_after": ", ".join(map(str, one.days_after)),
        "quiet_from": clock_words(one.quiet_from),
        "quiet_until": clock_words(one.quiet_until),
        "deputy_after": one.deputy_after,
        "contact_after": one.contact_after,
        "chair_after": one.chair_after,
        "verifies": settings.verifies,
        "version": version,
    }


def clock_words(minutes: int) -> str:
    """A minute of the day as it is typed; the end of the day is its midnight."""
    hours, rest = divmod(minutes % (24 * 60), 60)
    return f"{hours}.{rest:02d}"


def _minutes(field: TimeField, *, midnight: int) -> int:
    at = given(field.parsed, field.name)
    return at.hour * 60 + at.minute if at != time.min else midnight


class PauseForm(BaseForm):
    """Telling nobody of an action for a while."""

    until_on = DateField(_l("Weer herinneren vanaf"), [needed()])
    reason = TextAreaField(_l("Reden"), [needed(), at_most(MOST_REASON)])

    def day(self) -> date:
        """From when on people are told again."""
        return given(self.until_on.parsed, "until_on")


class ContactForm(BaseForm):
    """Whom an organisation names for actions that stay undone."""

    person = SelectField(_l("Persoon"), [needed()])
    part = SelectField(_l("Als"), choices=labels.choices(labels.CONTACT_PART))
    table = SelectField(_l("Bij"), [Optional()])
    from_on = DateField(_l("Eerste dag"), [needed()])
    until_on = DateField(_l("Laatste dag"), [Optional()])

    def offer(
        self,
        people: Iterable[tuple[uuid.UUID, str]],
        tables: Iterable[tuple[uuid.UUID, str]],
    ) -> None:
        """Give the fields their choices; without a table it is for all of them."""
        self.person.choices = [
            SelectChoice("", _l("Kies")),
            *(SelectChoice(str(one), name) for one, name in people),
        ]
        self.table.choices = [
            SelectChoice("", _l("alle overleggen")),
            *(SelectChoice(str(one), name) for one, name in tables),
        ]

    def to_named(self) -> Named:
        """What was typed, as plain values."""
        return Named(
            person_id=uuid.UUID(self.person.data),
            part=ContactPart(self.part.data),
            table_id=uuid.UUID(self.table.data) if self.table.data else None,
            from_on=given(self.from_on.parsed, "from_on"),
            until_on=self.until_on.parsed,
        )


def first_days() -> dict[str, Any]:
    """What the forms with days begin with: from today, and a pause of two weeks."""
    today = clock.today()
    return {
        "from_on": f"{today:%d-%m-%Y}",
        "until_on": f"{today + timedelta(days=14):%d-%m-%Y}",
    }
