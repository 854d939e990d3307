"""The forms around actions; what may be chosen comes in already scoped."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.errors import Reason, Refusal
from app.domain.kinds import ActionState
from app.domain.local_time import ImpossibleTime, local_to_utc
from app.features.actions.detail import ActionForms
from app.features.actions.disclosing import Reasons
from app.features.actions.follow import Change, Spoken
from app.features.actions.service import Report
from app.web.forms import BaseForm, DateField, TimeField, at_most, moment_of, needed

MOST_REMARK = 2000

# How a report is worded; everywhere else a state has its short name.
REPORT_WORDS: dict[ActionState, Any] = {
    ActionState.STARTED: _l("In uitvoering"),
    ActionState.DONE: _l("Afgerond"),
    ActionState.NOT_POSSIBLE: _l("Niet uitvoerbaar, omdat …"),
    ActionState.NOT_DONE: _l("Niet uitgevoerd, omdat …"),
}


class VersionedForm(BaseForm):
    """A form that says which version of the action its reader had on screen."""

    version = IntegerField(widget=HiddenInput(), validators=[needed()])

    def catch_up(self, version: int) -> None:
        """The reader now sees this version; what was typed stays."""
        self.version.data = version
        self.version.raw_data = None


class ReportForm(VersionedForm):
    """How an action goes, told by its holder."""

    state = RadioField(
        _l("Hoe staat het ermee?"), validators=[needed(_l("Kies hoe het ermee staat."))]
    )
    remark = TextAreaField(_l("Toelichting of reden"), validators=[at_most(MOST_REMARK)])

    def offer(self, states: tuple[ActionState, ...]) -> None:
        """Only what may follow the present state."""
        self.state.choices = [(state.value, REPORT_WORDS[state]) for state in states]

    def to_report(self) -> Report:
        """What was reported."""
        return Report(
            state=ActionState(self.state.data),
            remark=self.remark.data or "",
            version=self.version.data or 0,
        )


class SpokenForm(ReportForm):
    """The same, taken down by telephone: who said it and when."""

    said_by = SelectField(_l("Wie heeft dit gezegd?"))
    said_on = DateField(_l("Op welke datum?"), validators=[needed(_l("Vul de datum in."))])
    said_time = TimeField(_l("Hoe laat?"), validators=[needed(_l("Vul het tijdstip in."))])

    def offer_speakers(self, forms: ActionForms) -> None:
        """The holder, or every representative where nobody is named."""
        self.said_by.choices = [(str(one.id), one.name) for one in forms.speakers]

    def to_spoken(self) -> Spoken:
        """What was said; Refusal for an hour the clock skipped or doubled."""
        if self.said_on.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "said_on")
        if self.said_time.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "said_time")
        try:
            moment: datetime = local_to_utc(self.said_on.parsed, self.said_time.parsed)
        except ImpossibleTime:
            raise Refusal(Reason.HOUR_DOES_NOT_EXIST, "said_time") from None
        return Spoken(report=self.to_report(), said_by=uuid.UUID(self.said_by.data), said_at=moment)


class LapseForm(VersionedForm):
    """Why an action no longer has to be done."""

    remark = TextAreaField(
        _l("Waarom vervalt deze actie?"),
        validators=[needed(_l("Schrijf de reden op.")), at_most(MOST_REMARK)],
    )


class DiscloseForm(VersionedForm):
    """Why the holder may read the full text."""

    ground = StringField(
        _l("Grondslag"), validators=[needed(_l("Schrijf de grondslag op.")), at_most(200)]
    )
    purpose = StringField(_l("Doel"), validators=[needed(_l("Schrijf het doel op.")), at_most(200)])
    necessity = TextAreaField(
        _l("Noodzaak"),
        validators=[needed(_l("Schrijf op waarom dit nodig is.")), at_most(400)],
    )

    def to_reasons(self) -> Reasons:
        """What was typed; call after validation."""
        return Reasons(
            ground=self.ground.data or "",
            purpose=self.purpose.data or "",
            necessity=self.necessity.data or "",
            version=self.version.data or 0,
        )


class ChangeForm(VersionedForm):
    """A new term and holder."""

    due_on = DateField(_l("Termijn"), validators=[needed(_l("Vul de datum in."))])
    due_time = TimeField(_l("Uiterlijk om"), validators=[Optional()])
    holder = SelectField(_l("Actiehouder"))

    def offer(self, forms: ActionForms) -> None:
        """Everybody who may hold an action here, by organisation; the present holder always."""
        groups: dict[str, list[tuple[str, Any]]] = defaultdict(list)
        page = forms.facts
        _offer_one(groups, page.organisation, page.organisation_id, page.person_id, page.holder)
        for one in forms.holders:
            _offer_one(groups, one.organisation, one.organisation_id, None, "")
            _offer_one(groups, one.organisation, one.organisation_id, one.person_id, one.name)
        self.holder.choices = dict(sorted(groups.items()))

    def to_change(self) -> Change:
        """What is wanted."""
        if self.due_on.parsed is None:
            raise Refusal(Reason.VALUE_MISSING, "due_on")
        organisation_id, _, person_id = self.holder.data.partition("/")
        return Change(
            due_on=self.due_on.parsed,
            due_at=moment_of(self.due_on.parsed, self.due_time.parsed, "due_time"),
            organisation_id=uuid.UUID(organisation_id),
            person_id=_id(person_id),
            version=self.version.data or 0,
        )


def holder_value(organisation_id: uuid.UUID, person_id: uuid.UUID | None) -> str:
    """One value for organisation and person, so that the two can never contradict each other."""
    return f"{organisation_id}/{person_id or ''}"


def _offer_one(
    groups: dict[str, list[tuple[str, Any]]],
    organisation: str,
    organisation_id: uuid.UUID,
    person_id: uuid.UUID | None,
    name: str,
) -> None:
    value = holder_value(organisation_id, person_id)
    if value not in [known for known, _words in groups[organisation]]:
        groups[organisation].append((value, name or _l("nog niemand aangewezen")))


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None
