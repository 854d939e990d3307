"""The form of the fourth step: who is concerned, row by row, without a script."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    FieldList,
    Form,
    FormField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.errors import Reason, Refusal
from app.domain.kinds import ConcernedRole
from app.domain.referral_drafts import MOST_CONCERNED, Household, Member
from app.features.referrals.drafting import StepPage
from app.features.referrals.forms import (
    MORE,
    NEXT,
    REASON_LIMIT,
    StepForm,
    asked_for,
    chosen,
    word,
    yes_no,
)
from app.infra import clock
from app.web import labels
from app.web.errors import sentence_of
from app.web.forms import DateField, at_most, clean

LABEL_LIMIT = 120
FIRST_ROWS = 3
SPARE_ROWS = 2


class MemberForm(Form):
    """One row; left empty altogether it is nobody."""

    role = SelectField(
        _l("Rol"), choices=[SelectChoice("", _l("Kies …")), *labels.choices(labels.CONCERNED_ROLE)]
    )
    label = StringField(
        _l("Aanduiding"), filters=[clean], validators=[Optional(), at_most(LABEL_LIMIT)]
    )
    name = StringField(_l("Naam"), filters=[clean], validators=[Optional(), at_most(LABEL_LIMIT)])
    born = DateField(_l("Geboortedatum"), filters=[clean], validators=[Optional()])

    @property
    def is_empty(self) -> bool:
        """Nothing stands in this row."""
        return not any(field.data for field in self)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' signature
        """Whoever is named has a role and a label, and was born already."""
        faults = super().validate(extra_validators)
        if self.is_empty:
            return True
        for field, sentence in ((self.role, _l("Kies een rol.")), (self.label, _LABEL)):
            if not field.data:
                field.errors, faults = [*field.errors, sentence], False
        born = getattr(self.born, "parsed", None)
        if born is not None and born > clock.today():
            self.born.errors = [sentence_of(Refusal(Reason.BORN_IN_FUTURE))]
            faults = False
        return faults

    def to_member(self) -> Member:
        """What was typed; call after validation."""
        born = getattr(self.born, "parsed", None)
        return Member(
            role=ConcernedRole(self.role.data),
            label=self.label.data or "",
            name=self.name.data or "",
            born=born.isoformat() if born else "",
        )


_LABEL = _l("Schrijf een aanduiding zonder naam, bijvoorbeeld moeder.")


class HouseholdForm(StepForm):
    """Step 4: who is concerned, whether the family knows, and who should be at the table."""

    # One row more than fits, so that a thirteenth person is refused and not silently left out.
    members = FieldList(FormField(MemberForm), max_entries=MOST_CONCERNED + 1)
    informed = yes_no(_l("Weet het gezin van deze aanmelding?"))
    informed_on = DateField(_l("Sinds welke dag?"), validators=[Optional()])
    reason = TextAreaField(_l("Waarom nog niet?"), validators=[Optional(), at_most(REASON_LIMIT)])
    partners = SelectMultipleField(_l("Wie zou u graag aan tafel zien?"), validators=[Optional()])

    def fill(self, page: StepPage) -> None:
        """The partners of the table, what stands in the draft, and a few rows to spare."""
        self.partners.choices = [SelectChoice(str(one.id), one.name) for one in page.partners]
        if not (self.is_submitted() or self.version.data):
            self._prefill(page.draft.household, page.version)
        if asked_for() != MORE and self.is_submitted():
            return
        taken = sum(not one.form.is_empty for one in self.members)
        while len(self.members) < min(MOST_CONCERNED, max(FIRST_ROWS, taken + SPARE_ROWS)):
            self.members.append_entry()

    def _prefill(self, household: Household, version: int) -> None:
        self.version.data = str(version)
        for one in household.members:
            born = one.birth_date
            self.members.append_entry(
                {
                    "role": one.role.value,
                    "label": one.label,
                    "name": one.name,
                    "born": f"{born:%d-%m-%Y}" if born else "",
                }
            )
        self.informed.data, self.reason.data = word(household.informed), household.reason
        self.informed_on.data = _typed(household.informed_on)
        self.partners.data = list(household.partners)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' signature
        """At most twelve people; before one goes on somebody, and what the family knows."""
        found = bool(super().validate(extra_validators))
        rows = [one for one in self.members if not one.form.is_empty]
        if len(rows) > MOST_CONCERNED:
            self.form_errors.append(sentence_of(Refusal(Reason.TOO_MANY_CONCERNED)))
            found = False
        if not rows and asked_for() == NEXT:
            self.form_errors.append(str(_l("Noem ten minste één betrokkene.")))
            found = False
        return found & self._says_what_the_family_knows()

    def _says_what_the_family_knows(self) -> bool:
        told_on = getattr(self.informed_on, "parsed", None)
        if told_on is not None and told_on > clock.today():
            self.informed_on.errors = [sentence_of(Refusal(Reason.SAID_IN_FUTURE))]
            return False
        if not self.need(self.informed, _l("Kies ja of nee.")):
            return False
        knows = chosen(self.informed.data)
        if knows is None:
            return True
        if knows:
            return self.need(self.informed_on, _l("Vul de dag in."))
        return self.need(self.reason, _l("Schrijf op waarom het gezin het nog niet weet."))

    def to_part(self, page: StepPage) -> Household:  # noqa: ARG002 - one shape for all steps
        """What was typed."""
        told_on = getattr(self.informed_on, "parsed", None)
        return Household(
            members=tuple(one.form.to_member() for one in self.members if not one.form.is_empty),
            informed=chosen(self.informed.data),
            informed_on=told_on.isoformat() if told_on else "",
            reason=self.reason.data or "",
            partners=tuple(sorted(self.partners.data or ())),
        )


def _typed(day: str) -> str:
    """An ISO date as it is typed here."""
    return "-".join(reversed(day.split("-"))) if day else ""
