"""What staff type to hand a case over, and what a receiver types to refuse it."""

from __future__ import annotations

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.access.referrals.handovers import Proposal
from app.domain.kinds import Regime
from app.features.handovers.proposing import Choices, Field
from app.web import labels
from app.web.forms import BaseForm, at_most, needed

LONGEST_REASON = 1000
TABLE, TEAM = "table", "team"


class HandoverForm(BaseForm):
    """To which table or team, why in neutral words, and what may be read first."""

    to = SelectField(_l("Aan welk overleg of team"), validators=[needed(_l("Kies waarnaartoe."))])
    reason = TextAreaField(
        _l("Waarom"), validators=[needed(_l("Schrijf op waarom.")), at_most(LONGEST_REASON)]
    )
    opens_question = BooleanField(_l("De vraag aan het overleg"), default=True)
    sections = SelectMultipleField(_l("Welke rubrieken"), validators=[Optional()])

    def offer(self, choices: Choices, *, english: bool) -> None:
        """The tables, the teams and the fields to choose from."""
        self.to.choices = {
            "": [SelectChoice("", _("Kies …"))],
            _("Overleggen"): [SelectChoice(f"{TABLE}:{key}", name) for key, name in choices.tables],
            _("Teams en organisaties"): [
                SelectChoice(f"{TEAM}:{key}", name) for key, name in choices.teams
            ],
        }
        self.sections.choices = [
            SelectChoice(str(one.id), _named(one, english=english)) for one in choices.fields
        ]

    def to_proposal(self) -> Proposal:
        """What was typed; call after validation."""
        where, _colon, key = self.to.data.partition(":")
        return Proposal(
            reason=self.reason.data or "",
            to_table_id=uuid.UUID(key) if where == TABLE else None,
            to_organisation_id=uuid.UUID(key) if where == TEAM else None,
            section_ids=[uuid.UUID(one) for one in self.sections.data or []],
            opens_question=bool(self.opens_question.data),
        )


class RefusalForm(BaseForm):
    """Why a handover is not accepted; for the sender."""

    reason = TextAreaField(
        _l("Waarom niet"),
        validators=[needed(_l("Schrijf op waarom niet.")), at_most(LONGEST_REASON)],
    )


def _named(one: Field, *, english: bool) -> str:
    """The heading, whose it is, from which source, and whether the source decides first."""
    heading = one.label_en if english else one.label_nl
    about = one.label or (str(labels.words(labels.CONCERNED_ROLE, one.about)) if one.about else "")
    parts = [f"{heading}: {about}" if about else heading, one.source]
    if one.regime is not Regime.AVG:
        parts.append(str(_("opent pas na een besluit van de bron")))
    return " · ".join(parts)
