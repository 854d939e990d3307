"""What staff type about a referral; what is addressed to the referrer says so."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.access.referrals.by_telephone_facts import Facts
from app.domain.kinds import ReferralState, Urgency
from app.features.triage.inbox import TableChoice
from app.features.triage.reading import ReferralPage
from app.features.triage.service import Acceptance, AcceptChoices
from app.web import labels, referral_words, triage_words
from app.web.formats import deadline
from app.web.forms import BaseForm, DateField, at_most, needed
from app.web.i18n import language

LONGEST = 2_000


class FilterForm(BaseForm):
    """The filters above the list, in the address."""

    class Meta(BaseForm.Meta):
        """Reads only."""

        csrf = False

    table = SelectField(_l("Overleg"))
    state = SelectField(_l("Stand"))

    def offer(self, tables: Iterable[TableChoice]) -> None:
        """Give the filters their choices; the first of each filters nothing."""
        self.table.choices = [
            SelectChoice("", _l("Alle overleggen")),
            *(SelectChoice(str(one.id), f"{one.name} ({one.waiting})") for one in tables),
        ]
        self.state.choices = [
            SelectChoice("", _l("Wat nog wacht")),
            *(
                SelectChoice(one.value, labels.words(triage_words.STATE, one))
                for one in triage_words.STATE
            ),
        ]


class AskForm(BaseForm):
    """A question back to the referrer."""

    question = TextAreaField(
        _l("Vraag aan de aanmelder"),
        validators=[needed(_l("Schrijf de vraag op.")), at_most(LONGEST)],
    )


class FactsForm(BaseForm):
    """What staff ask whoever calls."""

    urgency = RadioField(
        _l("Hoe snel is het nodig?"),
        choices=labels.choices(referral_words.URGENCY),
        validators=[needed(_l("Kies hoe snel het nodig is."))],
    )
    met = SelectMultipleField(_l("Criteria"), validators=[Optional()])
    informed = RadioField(
        _l("Weet het gezin van deze aanmelding?"),
        choices=[SelectChoice("yes", _l("ja")), SelectChoice("no", _l("nee"))],
        validators=[Optional()],
    )
    informed_on = DateField(_l("Sinds welke dag?"), validators=[Optional()])
    why_not = TextAreaField(_l("Waarom nog niet?"), validators=[Optional(), at_most(LONGEST)])

    def offer(self, page: ReferralPage) -> None:
        """The criteria of the table, and what stands already."""
        english = language() == "en"
        self.met.choices = [
            SelectChoice(
                one.criterion.code, one.criterion.text.en if english else one.criterion.text.nl
            )
            for one in page.criteria
        ]
        if self.is_submitted():
            return
        self.urgency.data = page.urgency.value
        self.met.data = [one.criterion.code for one in page.criteria if one.is_met]
        if page.family_informed is not None:
            self.informed.data = "yes" if page.family_informed else "no"

    def to_facts(self) -> Facts:
        """What was typed; call after validation."""
        said = self.informed.data
        return Facts(
            urgency=Urgency(self.urgency.data),
            met=frozenset(self.met.data or ()),
            informed=None if said not in ("yes", "no") else said == "yes",
            informed_on=getattr(self.informed_on, "parsed", None),
            why_not=self.why_not.data or "",
        )


class AcceptForm(BaseForm):
    """Taking a case on: why in spite of a criterion, what the referrer reads, which agenda."""

    reason = TextAreaField(
        _l("Waarom toch geaccepteerd"), validators=[Optional(), at_most(LONGEST)]
    )
    message = TextAreaField(
        _l("Bericht aan de aanmelder"), validators=[Optional(), at_most(LONGEST)]
    )
    meeting = SelectField(_l("Meteen op de agenda"), validators=[Optional()])
    partners = SelectMultipleField(_l("Voorstellen als deelnemer"), validators=[Optional()])

    def offer(self, choices: AcceptChoices) -> None:
        """The coming meetings, and the wanted partners that take part in the table."""
        self.reason.flags.required = choices.needs_reason
        self.meeting.choices = [
            SelectChoice("", _("Nu niet")),
            *(SelectChoice(str(key), deadline(at, language())) for key, at in choices.meetings),
        ]
        self.partners.choices = [
            SelectChoice(str(one.organisation_id), one.name)
            for one in choices.partners
            if one.takes_part
        ]

    def to_acceptance(self) -> Acceptance:
        """What was typed; call after validation."""
        return Acceptance(
            message=self.message.data or "",
            reason=self.reason.data or "",
            meeting_id=uuid.UUID(self.meeting.data) if self.meeting.data else None,
            partner_ids=frozenset(uuid.UUID(one) for one in self.partners.data or []),
        )


class DeclineForm(BaseForm):
    """Advice, or a refusal, with what the referrer reads."""

    state = RadioField(
        _l("Uitkomst"),
        choices=[
            SelectChoice(ReferralState.ADVISED.value, _l("Advies geven, niet behandelen")),
            SelectChoice(ReferralState.REFUSED.value, _l("Niet in behandeling nemen")),
        ],
        validators=[needed(_l("Kies een uitkomst."))],
    )
    message = TextAreaField(
        _l("Bericht aan de aanmelder"),
        validators=[needed(_l("Schrijf op wat de aanmelder leest.")), at_most(LONGEST)],
    )

    def to_state(self) -> ReferralState:
        """The outcome; call after validation."""
        return ReferralState(self.state.data)


class JoinForm(BaseForm):
    """The reference of the case a referral belongs to."""

    reference = StringField(
        _l("Casusnummer"), validators=[needed(_l("Vul een casusnummer in.")), at_most(40)]
    )
