"""The forms of the four steps, each filled from its part of the draft and read back into one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.kinds import Channel, Regime, Urgency
from app.domain.referral_drafts import Choice, Matter, Met, Part
from app.domain.table_chooser import Sign, Signs
from app.features.referrals.drafting import StepPage
from app.web import labels, referral_words
from app.web.forms import BaseForm, VersionForm, at_most, given, needed
from app.web.i18n import in_language

QUESTION_LIMIT = 2_000
TEXT_LIMIT = 10_000
REASON_LIMIT = 2_000
NEXT, KEEP, MORE = "next", "keep", "more"
YES_NO = [SelectChoice("yes", _l("ja")), SelectChoice("no", _l("nee"))]
CHANNELS = [
    SelectChoice(one.value, words)
    for one, words in referral_words.CHANNEL.items()
    if one is not Channel.ON_THE_SPOT
]


def asked_for() -> str:
    """Which button was pressed: on to the next step, keep for later, or more rows."""
    pressed = request.form.get("go", NEXT)
    return pressed if pressed in (KEEP, MORE) else NEXT


def yes_no(question: Any) -> RadioField:  # noqa: ANN401 - lazy text
    return RadioField(question, choices=YES_NO, validators=[Optional()])


def chosen(data: str | None) -> bool | None:
    return None if data not in ("yes", "no") else data == "yes"


def word(value: bool | None) -> str | None:  # noqa: FBT001 - the value of a radio
    return None if value is None else "yes" if value else "no"


class SignsForm(BaseForm):
    """Four plain questions, for the advice."""

    acute = yes_no(referral_words.QUESTION[Sign.ACUTE])
    protection = yes_no(referral_words.QUESTION[Sign.PROTECTION])
    stuck = yes_no(referral_words.QUESTION[Sign.STUCK])
    chains = yes_no(referral_words.QUESTION[Sign.CHAINS])

    def to_signs(self) -> Signs:
        """What was answered; call after validation."""
        return Signs(**{one.value: chosen(self[one.value].data) for one in Sign})


class StepForm(VersionForm):
    """A step of a draft: with ``go`` on what must be there is asked for, else kept as it is."""

    def fill(self, page: StepPage) -> None:
        """Offer the choices of this page, and what stands in the draft unless it was sent."""
        raise NotImplementedError

    def to_part(self, page: StepPage) -> Part:
        """What was typed; call after validation."""
        raise NotImplementedError

    def need(self, field: Any, sentence: object) -> bool:  # noqa: ANN401 - any field
        """A field that has to be filled before one goes on."""
        if field.data or asked_for() != NEXT:
            return True
        field.errors = [*field.errors, sentence]
        return False


class TableForm(StepForm, SignsForm):
    """Step 1: the questions, and the table a person chooses."""

    table = RadioField(_l("Overleg"), validators=[Optional()])

    def fill(self, page: StepPage) -> None:
        """The tables, the ones the answers point to first."""
        ordered = sorted(page.tables, key=lambda one: (not one.is_advised, one.name))
        self.table.choices = [SelectChoice(str(one.id), one.name) for one in ordered]
        if self.is_submitted() or self.version.data:
            return
        self.version.data = str(page.version)
        self.table.data = page.draft.choice.table or None
        for one in Sign:
            self[one.value].data = word(getattr(page.draft.choice.signs, one.value))

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' signature
        """A table has to be chosen before one goes on."""
        found = bool(super().validate(extra_validators))
        return found & self.need(
            self.table, _l("Kies een overleg. Het advies beslist niet voor u.")
        )

    def to_part(self, page: StepPage) -> Choice:  # noqa: ARG002 - one shape for all steps
        """What was chosen."""
        return Choice(self.to_signs(), self.table.data or "")


class MatterForm(StepForm):
    """Step 2: what the table is asked, and what is the matter."""

    question = TextAreaField(
        _l("Vraag aan het overleg"), validators=[Optional(), at_most(QUESTION_LIMIT)]
    )
    cause = TextAreaField(_l("Wat speelt er?"), validators=[Optional(), at_most(TEXT_LIMIT)])
    tried = TextAreaField(_l("Wat is al geprobeerd?"), validators=[Optional(), at_most(TEXT_LIMIT)])
    urgency = RadioField(
        _l("Hoe snel is het nodig?"),
        choices=labels.choices(referral_words.URGENCY),
        validators=[Optional()],
    )
    late = TextAreaField(
        _l("Waarom kan het niet wachten tot na de volgende sluitingstijd?"),
        validators=[Optional(), at_most(REASON_LIMIT)],
    )
    channel = SelectField(_l("Hoe kwam dit bij u binnen?"), choices=CHANNELS)
    regime = SelectField(
        _l("Herkomst van de gegevens"), choices=labels.choices(labels.REGIME), default="avg"
    )

    def fill(self, page: StepPage) -> None:
        """What stands in the draft."""
        if not page.has_deadline:
            del self.late
        if self.is_submitted() or self.version.data:
            return
        self.version.data, matter = str(page.version), page.draft.matter
        for name in ("question", "cause", "tried", "late"):
            if name in self:
                self[name].data = getattr(matter, name)
        self.urgency.data = matter.urgency.value if matter.urgency else None
        self.channel.data, self.regime.data = matter.channel.value, matter.regime.value

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' signature
        """Question, cause and urgency have to be there before one goes on."""
        found = bool(super().validate(extra_validators))
        return (
            found
            & self.need(self.question, _l("Schrijf de vraag op."))
            & self.need(self.cause, _l("Schrijf op wat er speelt."))
            & self.need(self.urgency, _l("Kies hoe snel het nodig is."))
        )

    def to_part(self, page: StepPage) -> Matter:
        """What was typed."""
        return Matter(
            question=self.question.data or "",
            cause=self.cause.data or "",
            tried=self.tried.data or "",
            late=(self.late.data or "") if "late" in self else page.draft.matter.late,
            urgency=Urgency(self.urgency.data) if self.urgency.data else None,
            channel=Channel(self.channel.data),
            regime=Regime(self.regime.data),
        )


class CriteriaForm(StepForm):
    """Step 3: which criteria of the table are met."""

    required = SelectMultipleField(_l("Verplichte criteria"), validators=[Optional()])
    advisory = SelectMultipleField(_l("Wat verder meetelt"), validators=[Optional()])

    def fill(self, page: StepPage) -> None:
        """The criteria as they hold now."""
        criteria = page.document.criteria if page.document else ()
        for name, wanted in (("required", True), ("advisory", False)):
            self[name].choices = [
                SelectChoice(one.code, in_language(one.text.nl, one.text.en))
                for one in criteria
                if one.is_required is wanted
            ]
        if self.is_submitted() or self.version.data:
            return
        self.version.data = str(page.version)
        self.required.data = self.advisory.data = list(page.draft.met.codes)

    def to_part(self, page: StepPage) -> Met:
        """What was ticked, with the version it was ticked of."""
        codes = (*(self.required.data or ()), *(self.advisory.data or ()))
        code = page.document.code if page.document else ""
        return Met(code, page.number, tuple(sorted(codes)))


class AnswerForm(BaseForm):
    """The answer to what staff asked back."""

    answer = TextAreaField(
        _l("Uw antwoord"), validators=[needed(_l("Schrijf uw antwoord op.")), at_most(TEXT_LIMIT)]
    )

    def to_answer(self) -> str:
        """What was typed; call after validation."""
        return given(self.answer.data or None, "answer")


class WithdrawForm(BaseForm):
    """Why a referral is taken back."""

    reason = TextAreaField(
        _l("Waarom trekt u de aanmelding in?"),
        validators=[needed(_l("Schrijf de reden op.")), at_most(REASON_LIMIT)],
    )

    def to_reason(self) -> str:
        """What was typed; call after validation."""
        return given(self.reason.data or None, "reason")


class HandOnForm(BaseForm):
    """Which colleague follows a referral from now on."""

    colleague = SelectField(_l("Collega"), validators=[needed(_l("Kies een collega."))])

    def to_person(self) -> uuid.UUID:
        """Who was chosen; call after validation."""
        return uuid.UUID(self.colleague.data)
