"""The form that ends a case: words, and for each unfinished action what becomes of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    Field,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.access.records.settling import Choice, Decision
from app.features.cases.closing import OpenAction
from app.features.cases.forms import REASON_LIMIT
from app.features.cases.service import Ending
from app.web.forms import BaseForm, at_most, needed

CHOICES: dict[Choice, Any] = {
    Choice.KEEP: _l("Blijft bij de actiehouder"),
    Choice.DONE: _l("Is afgerond, telefonisch gehoord"),
    Choice.LAPSE: _l("Vervalt, omdat …"),
}


class CloseForm(BaseForm):
    """The end of a case: a reason where criteria are not met, and words for its referrer."""

    about: tuple[uuid.UUID, ...] = ()

    reason = TextAreaField(
        _l("Waarom toch afschalen?"), validators=[Optional(), at_most(REASON_LIMIT)]
    )
    message = TextAreaField(
        _l("Terugkoppeling aan de aanmelder"), validators=[Optional(), at_most(REASON_LIMIT)]
    )

    def part(self, name: str, action_id: uuid.UUID) -> Field:
        """One of the three fields about an action."""
        found: Field = self._fields[f"{name}_{action_id.hex}"]
        return found

    def to_ending(self) -> Ending:
        """What was typed and chosen; call after validation."""
        return Ending(
            reason=self.reason.data or "",
            message=self.message.data or "",
            decisions={one: self._decision(one) for one in self.about},
        )

    def _decision(self, action_id: uuid.UUID) -> Decision:
        choice = Choice(self.part("choice", action_id).data)
        said_by = self.part("said_by", action_id).data
        return Decision(
            choice=choice,
            reason=(self.part("reason", action_id).data or "") if choice is Choice.LAPSE else "",
            said_by=uuid.UUID(said_by) if said_by and choice is Choice.DONE else None,
        )


def close_form(actions: Sequence[OpenAction]) -> CloseForm:
    """The form with three fields for each of these actions."""
    fields: dict[str, Any] = {"about": tuple(one.id for one in actions)}
    for one in actions:
        offered = [each for each in Choice if each is not Choice.DONE or one.speakers]
        fields |= {
            f"choice_{one.id.hex}": RadioField(
                _l("Wat gebeurt ermee?"),
                choices=[SelectChoice(each.value, CHOICES[each]) for each in offered],
                validators=[needed(_l("Kies wat er met deze actie gebeurt."))],
            ),
            f"said_by_{one.id.hex}": SelectField(
                _l("Wie heeft gezegd dat dit klaar is?"),
                choices=[SelectChoice(str(key), name) for key, name in one.speakers],
                validators=[Optional()],
            ),
            f"reason_{one.id.hex}": TextAreaField(
                _l("Waarom vervalt dit?"), validators=[Optional(), at_most(REASON_LIMIT)]
            ),
        }
    form: CloseForm = type("CloseFormOfCase", (CloseForm,), fields)()
    return form
