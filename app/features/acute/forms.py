"""What police or Veilig Thuis type on the spot: one page, within two minutes, by thumb."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.access.referrals.on_the_spot import OnTheSpot
from app.domain.kinds import ConcernedRole
from app.domain.referral_drafts import MOST_CONCERNED, Member
from app.features.acute.service import AcutePage
from app.web.forms import BaseForm, at_most, needed

LONGEST, LONGEST_LABELS = 3000, 200
YES, NO = "yes", "no"


class AcuteForm(BaseForm):
    """Agreements, who is concerned, who takes it from here, and whether the family knows."""

    who = HiddenField()
    agreements = TextAreaField(
        _l("Wat is afgesproken"),
        validators=[needed(_l("Schrijf op wat is afgesproken.")), at_most(LONGEST)],
    )
    danger = BooleanField(_l("Er is nu nog gevaar"))
    victims = StringField(_l("Slachtoffer"), validators=[Optional(), at_most(LONGEST_LABELS)])
    suspects = StringField(
        _l("Vermoedelijke pleger"), validators=[Optional(), at_most(LONGEST_LABELS)]
    )
    children = StringField(_l("Kinderen"), validators=[Optional(), at_most(LONGEST_LABELS)])
    to = RadioField(_l("Wie neemt het over"), validators=[needed(_l("Kies wie het overneemt."))])
    informed = RadioField(
        _l("Weet het gezin dat u dit deelt?"),
        choices=[SelectChoice(YES, _l("Ja")), SelectChoice(NO, _l("Nee, want"))],
        validators=[needed(_l("Kies ja of nee."))],
    )
    why_not = StringField(_l("Waarom nog niet"), validators=[Optional(), at_most(LONGEST_LABELS)])
    table = RadioField(_l("Bij welk overleg"), validators=[Optional()])

    def offer(self, page: AcutePage) -> None:
        """The tables to report at, and those that may take it over."""
        self.table.choices = [SelectChoice(str(key), name) for key, name in page.tables]
        self.to.choices = [SelectChoice(str(key), name) for key, name in page.receivers]
        if not self.table.data:
            self.table.data = str(page.tables[0][0])

    def validate(self, extra_validators: object = None) -> bool:
        """A no has its reason, and no more people than a case takes."""
        fits = bool(super().validate(extra_validators))
        if self.informed.data == NO and not self.why_not.data:
            self.why_not.errors = [*self.why_not.errors, _("Schrijf op waarom nog niet.")]
            fits = False
        if len(list(self._people())) > MOST_CONCERNED:
            too_many = _("Schrijf ten hoogste twaalf mensen op.")
            self.children.errors = [*self.children.errors, too_many]
            fits = False
        return fits

    def _people(self) -> Iterator[Member]:
        """By label, several parted by commas."""
        for field, role in (
            (self.victims, ConcernedRole.VICTIM),
            (self.suspects, ConcernedRole.ALLEGED_PERPETRATOR),
            (self.children, ConcernedRole.CHILD),
        ):
            for label in (field.data or "").split(","):
                if label.strip():
                    yield Member(role, label.strip())

    def to_report(self) -> OnTheSpot:
        """What was typed; call after validation."""
        return OnTheSpot(
            table_id=uuid.UUID(self.table.data),
            to_table_id=uuid.UUID(self.to.data),
            agreements=self.agreements.data or "",
            people=tuple(self._people()),
            informed=self.informed.data == YES,
            why_not=self.why_not.data or "",
            is_danger=bool(self.danger.data),
            reason=str(_("Afspraken ter plaatse, over te nemen binnen 24 uur.")),
        )
