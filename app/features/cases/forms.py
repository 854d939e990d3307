"""The forms about cases; choices are given by the queries, already scoped."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional

from app.access.records.new_cases import NewCase
from app.domain.kinds import CaseState, ConcernedRole, Regime
from app.domain.local_time import start_of_day
from app.features.cases.exclusions import NewExclusion
from app.features.cases.persons import Concerned
from app.features.cases.queries import Option
from app.features.cases.sections import NewSection, SectionChange
from app.web import labels
from app.web.forms import BaseForm, DateField, at_most, needed

CHANNELS = [SelectChoice(stored, words) for stored, words in labels.CHANNEL.items()]
QUESTION_LIMIT = 2_000
_VERSION = re.compile("[0-9]{1,9}")
SECTION_LIMIT = 20_000
IDENTITY_LIMIT = 2_000
REASON_LIMIT = 2_000


def options(choices: Iterable[Option]) -> list[SelectChoice]:
    """Choices of a select with an empty first one."""
    return [
        SelectChoice("", _l("Kies …")),
        *(SelectChoice(str(choice.id), choice.name) for choice in choices),
    ]


class SearchForm(BaseForm):
    """The filters above the list, filled from what was asked."""

    class Meta(BaseForm.Meta):
        """A search that is sent in passes the check of every POST."""

        csrf = False

    q = StringField(_l("Casusnummer"))
    table = SelectField(_l("Overleg"))
    state = SelectField(_l("Stand"))

    def offer(self, tables: Iterable[Option]) -> None:
        """Give the filters their choices; the first of each filters nothing."""
        self.table.choices = [
            SelectChoice("", _l("Alle overleggen")),
            *(SelectChoice(str(table.id), table.name) for table in tables),
        ]
        self.state.choices = [
            SelectChoice("", _l("Alle standen")),
            *labels.choices(labels.CASE_STATE),
        ]


class NewCaseForm(BaseForm):
    """A new case on the list of a table served."""

    table = SelectField(_l("Overleg"), validators=[needed(_l("Kies een overleg."))])
    organisation = SelectField(
        _l("Aanbrengende organisatie"), validators=[needed(_l("Kies een organisatie."))]
    )
    question = TextAreaField(
        _l("Vraag aan het overleg"),
        validators=[needed(_l("Schrijf de vraag op.")), at_most(QUESTION_LIMIT)],
    )
    channel = SelectField(_l("Hoe is de casus binnengekomen?"), choices=CHANNELS)
    caller = SelectField(_l("Wie belde met de aanmelding?"), validators=[Optional()])

    def to_caller(self) -> uuid.UUID | None:
        """Who called with a referral; None for a case staff put on the list themselves."""
        return uuid.UUID(self.caller.data) if self.caller.data else None

    def to_case(self) -> NewCase:
        """What was typed; call after validation."""
        return NewCase(
            table_id=uuid.UUID(self.table.data),
            organisation_id=uuid.UUID(self.organisation.data),
            question=self.question.data or "",
            channel=self.channel.data,
        )


class QuestionForm(BaseForm):
    """The question to the table."""

    question = TextAreaField(
        _l("Vraag aan het overleg"),
        validators=[needed(_l("Schrijf de vraag op.")), at_most(QUESTION_LIMIT)],
    )
    version = HiddenField()


class ConcernedForm(BaseForm):
    """A person concerned; label and relation are neutral, names stand in the identity text."""

    role = RadioField(
        _l("Rol in de casus"),
        choices=labels.choices(labels.CONCERNED_ROLE),
        validators=[needed(_l("Kies een rol."))],
    )
    label = StringField(
        _l("Aanduiding zonder naam"),
        validators=[needed(_l("Schrijf een aanduiding, bijvoorbeeld Moeder.")), at_most(120)],
    )
    relation = StringField(_l("Relatie tot de anderen"), validators=[Optional(), at_most(120)])
    address_group = IntegerField(
        _l("Adresgroep"),
        default=1,
        validators=[
            needed(_l("Vul een getal in.")),
            NumberRange(1, 20, _l("Kies een getal van 1 tot en met 20.")),
        ],
    )
    identity = TextAreaField(
        _l("Naam, geboortedatum en adres"), validators=[Optional(), at_most(IDENTITY_LIMIT)]
    )

    def to_concerned(self) -> Concerned:
        """What was typed; call after validation."""
        return Concerned(
            role=ConcernedRole(self.role.data),
            label=self.label.data or "",
            relation=self.relation.data or "",
            address_group=self.address_group.data or 1,
            identity=(self.identity.data or "") if "identity" in self else "",
        )


class SectionForm(BaseForm):
    """A new section: its type, its source, the law it comes under and its text."""

    kind = SelectField(_l("Rubriek"), validators=[needed(_l("Kies een rubriek."))])
    source = SelectField(_l("Bron"), validators=[needed(_l("Kies de bronorganisatie."))])
    regime = RadioField(
        _l("Herkomst van de gegevens"),
        choices=labels.choices(labels.REGIME),
        default=Regime.AVG.value,
    )
    text = TextAreaField(
        _l("Tekst"), validators=[needed(_l("Schrijf de tekst op.")), at_most(SECTION_LIMIT)]
    )

    def to_section(self) -> NewSection:
        """What was typed; call after validation."""
        return NewSection(
            type_id=uuid.UUID(self.kind.data),
            source_id=uuid.UUID(self.source.data),
            regime=Regime(self.regime.data),
            text=self.text.data or "",
        )


class SectionEditForm(BaseForm):
    """A change of a section; ``confirmed`` is asked for when others read along."""

    regime = RadioField(_l("Herkomst van de gegevens"), choices=labels.choices(labels.REGIME))
    text = TextAreaField(
        _l("Tekst"), validators=[needed(_l("Schrijf de tekst op.")), at_most(SECTION_LIMIT)]
    )
    confirmed = BooleanField(_l("Deze organisaties mogen de nieuwe tekst lezen"))
    version = HiddenField()

    def to_change(self, *, names: bool) -> SectionChange:
        """What was typed; call after validation. ``names``: whether names show just now."""
        return SectionChange(
            regime=Regime(self.regime.data),
            text=self.text.data or "",
            version=version_of(self.version.data),
            confirmed=bool(self.confirmed.data),
            names=names,
        )


class ExclusionForm(BaseForm):
    """Somebody who may never see the case."""

    person = SelectField(_l("Wie"), validators=[needed(_l("Kies een persoon."))])
    reason = TextAreaField(
        _l("Reden"), validators=[needed(_l("Schrijf de reden op.")), at_most(REASON_LIMIT)]
    )
    until = DateField(_l("Tot en met"), validators=[Optional()])

    def to_exclusion(self) -> NewExclusion:
        """What was typed; the last day counts until its end in Dutch time."""
        day = self.until.parsed if self.until.data else None
        until = start_of_day(day + timedelta(days=1)) if day else None
        return NewExclusion(uuid.UUID(self.person.data), self.reason.data or "", until)


class StateForm(BaseForm):
    """One press: the next state of a case."""

    to = HiddenField()

    def to_state(self) -> CaseState | None:
        """The state asked for; None when it is no state at all."""
        return CaseState(self.to.data) if self.to.data in set(CaseState) else None


def version_of(typed: str | None) -> int:
    """The version a form started from; 0, which is nobody's, when it was tampered with."""
    return int(typed) if typed and _VERSION.fullmatch(typed) else 0
