"""The forms of a new fact: reporting it in under a minute, and answering it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.access.seats.chasing import Waiting
from app.domain.errors import Reason, Refusal
from app.domain.local_time import ImpossibleTime, local_to_utc
from app.features.facts.answering import Answer
from app.features.facts.queries import SeatChoice
from app.features.facts.reporting import MOST_SOURCE, MOST_TEXT, NewReport
from app.web.forms import BaseForm, DateField, TimeField, at_most, given, needed

OWN, HEARD = "own", "heard"


class ReportForm(BaseForm):
    """What happened, when, from whom, and whether there is danger now."""

    danger = RadioField(
        _l("Is er nu gevaar?"),
        choices=[SelectChoice("yes", _l("Ja")), SelectChoice("no", _l("Nee"))],
        validators=[needed(_l("Kies ja of nee."))],
    )
    what = TextAreaField(
        _l("Wat is er gebeurd?"), [needed(_l("Schrijf op wat er is gebeurd.")), at_most(MOST_TEXT)]
    )
    day = DateField(_l("Op welke dag?"), [needed()])
    at = TimeField(_l("Hoe laat?"), [needed()])
    source = RadioField(
        _l("Hoe weet u dit?"),
        choices=[
            SelectChoice(OWN, _l("Zelf gezien of gehoord")),
            SelectChoice(HEARD, _l("Van iemand gehoord")),
        ],
        default=OWN,
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )
    heard_from = StringField(_l("Van wie?"), [Optional(), at_most(MOST_SOURCE)])

    def to_report(self) -> NewReport:
        """What was typed; Refusal for a moment that does not exist or a source without a name."""
        if self.source.data == HEARD and not self.heard_from.data:
            raise Refusal(Reason.VALUE_MISSING, "heard_from")
        try:
            happened_at = local_to_utc(given(self.day.parsed, "day"), given(self.at.parsed, "at"))
        except ImpossibleTime:
            raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "at") from None
        return NewReport(
            what=self.what.data or "",
            happened_at=happened_at,
            source=(self.heard_from.data or "") if self.source.data == HEARD else "",
            is_danger=self.danger.data == "yes",
        )


class ChaseForm(BaseForm):
    """Which questions to remind of."""

    chosen = SelectMultipleField(_l("Van welke vragen stuurt u een herinnering?"), [Optional()])

    def offer(self, rows: Sequence[Waiting]) -> None:
        """Those somebody can still answer; the ones reminded of lately are not ticked."""
        fit = [one for one in rows if one.can_remind]
        self.chosen.choices = [
            SelectChoice(str(one.request_id), f"{one.organisation}, {one.reference}") for one in fit
        ]
        if not self.is_submitted():
            self.chosen.data = [str(one.request_id) for one in fit if not one.is_recent]

    def to_ids(self) -> tuple[uuid.UUID, ...]:
        """What was ticked; call after validation."""
        return tuple(uuid.UUID(one) for one in self.chosen.data or ())


class AnswerForm(BaseForm):
    """What the reporter reads, and what else is told to whom."""

    text = TextAreaField(_l("Antwoord aan wie dit doorgaf"), [Optional(), at_most(MOST_TEXT)])
    note = TextAreaField(_l("Notitie bij de casus"), [Optional(), at_most(MOST_TEXT)])
    seats = SelectMultipleField(_l("Wie leest deze notitie?"), [Optional()])

    def offer(self, seats: Sequence[SeatChoice]) -> None:
        """The seats that may be told."""
        self.seats.choices = [
            SelectChoice(
                str(one.id),
                f"{one.organisation}, {one.person}" if one.person else one.organisation,
            )
            for one in seats
        ]

    def to_answer(self) -> Answer:
        """What was typed; call after validation."""
        return Answer(
            text=self.text.data or "",
            note=self.note.data or "",
            seat_ids=tuple(uuid.UUID(one) for one in self.seats.data or ()),
        )
