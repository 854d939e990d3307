"""The forms about access requests; choices are given by the queries, already scoped."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    FieldList,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from app.domain.kinds import (
    AnswerKind,
    AuthorityCheck,
    IdentityCheck,
    RedactionGround,
    Regime,
    SourceOpinion,
)
from app.features.access_requests.judging import Grounds
from app.features.access_requests.queries import Choice
from app.features.access_requests.service import Intake
from app.web import labels
from app.web.forms import BaseForm, DateField, at_most, needed

REQUESTER_LIMIT = 500
REASON_LIMIT = 2_000
ASKED_UNDER = (Regime.AVG, Regime.WPG, Regime.WJSG)
GIVEN = (
    SelectChoice(AnswerKind.FULL.value, _l("Inzage geven")),
    SelectChoice(AnswerKind.REFUSED.value, _l("Geen inzage geven")),
    SelectChoice(AnswerKind.NEITHER.value, _l("Bevestigen noch ontkennen dat er iets is")),
)


def options(choices: Iterable[Choice]) -> list[SelectChoice]:
    """Choices of a select with an empty first one."""
    return [
        SelectChoice("", _l("Kies …")),
        *(SelectChoice(str(one.id), one.name) for one in choices),
    ]


class IntakeForm(BaseForm):
    """A request that came in, with what was checked."""

    table = SelectField(_l("Overleg"), validators=[needed(_l("Kies een overleg."))])
    regime = RadioField(
        _l("Volgens welke wet?"),
        choices=[SelectChoice(one.value, labels.REGIME[one]) for one in ASKED_UNDER],
        default=Regime.AVG.value,
    )
    received_on = DateField(_l("Ontvangen op"), validators=[needed(_l("Vul een datum in."))])
    requester = TextAreaField(
        _l("Wie vraagt, en hoe te bereiken"),
        validators=[needed(_l("Schrijf op wie vraagt.")), at_most(REQUESTER_LIMIT)],
    )
    identity_check = RadioField(
        _l("Hoe is de identiteit gecontroleerd?"),
        choices=labels.choices(labels.IDENTITY_CHECK),
        validators=[needed(_l("Kies hoe de identiteit is gecontroleerd."))],
    )
    authority_check = RadioField(
        _l("Voor wie wordt gevraagd?"),
        choices=labels.choices(labels.AUTHORITY_CHECK),
        validators=[needed(_l("Kies voor wie wordt gevraagd."))],
    )
    answer_language = RadioField(
        _l("In welke taal krijgt de verzoeker antwoord?"),
        choices=[SelectChoice(code, words) for code, words in labels.LANGUAGE.items()],
        default="nl",
        validators=[needed(_l("Kies een taal."))],
    )
    reference = StringField(_l("Casusnummer"), validators=[Optional(), at_most(20)])

    def to_intake(self) -> Intake:
        """What was typed; call after validation."""
        assert self.received_on.parsed is not None  # noqa: S101 - needed and read
        return Intake(
            table_id=uuid.UUID(self.table.data),
            regime=Regime(self.regime.data),
            received_on=self.received_on.parsed,
            requester=self.requester.data or "",
            identity_check=IdentityCheck(self.identity_check.data),
            authority_check=AuthorityCheck(self.authority_check.data),
            reference=(self.reference.data or "").strip(),
            language=self.answer_language.data,
        )


class PersonForm(BaseForm):
    """Whom of the case a request is about."""

    person = RadioField(_l("Over wie gaat het verzoek?"), validators=[needed(_l("Kies iemand."))])


class AnswerForm(BaseForm):
    """What is answered, and who reviews that."""

    answer = RadioField(
        _l("Antwoord"), choices=list(GIVEN), validators=[needed(_l("Kies een antwoord."))]
    )
    reviewer = SelectField(
        _l("Privacy officer die het antwoord toetst"),
        validators=[needed(_l("Kies een privacy officer."))],
    )


class JudgeForm(BaseForm):
    """For every passage: to be read, or left out on a ground."""

    grounds = FieldList(
        SelectField(
            choices=[
                SelectChoice("", _l("tonen")),
                *(
                    SelectChoice(one.value, _l("weglaten: %(ground)s", ground=words))
                    for one, words in labels.REDACTION_GROUND.items()
                ),
            ]
        )
    )

    def to_grounds(self) -> Grounds:
        """What was chosen; call after validation."""
        return tuple(RedactionGround(field.data) if field.data else None for field in self.grounds)


class ReviewForm(BaseForm):
    """What the privacy officer finds."""

    decision = RadioField(
        _l("Uw oordeel"),
        choices=[
            SelectChoice("approve", _l("Goedkeuren: dit antwoord mag worden verstuurd")),
            SelectChoice("return", _l("Terug naar wie het voorbereidde")),
        ],
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )
    remark = TextAreaField(_l("Opmerking"), validators=[Optional(), at_most(REASON_LIMIT)])


class ViewForm(BaseForm):
    """What a source says of giving what it brought."""

    opinion = RadioField(
        _l("Mag dit worden gegeven?"),
        choices=[
            SelectChoice(one.value, words)
            for one, words in labels.SOURCE_OPINION.items()
            if one is not SourceOpinion.NONE
        ],
        validators=[needed(_l("Kies een van de mogelijkheden."))],
    )
    reason = TextAreaField(_l("Waarom"), validators=[Optional(), at_most(REASON_LIMIT)])

    def to_opinion(self) -> SourceOpinion:
        """What was chosen; call after validation."""
        return SourceOpinion(self.opinion.data)


class SilenceForm(BaseForm):
    """Why a source that was asked says nothing."""

    source = SelectField(_l("Bron"), validators=[needed(_l("Kies een bron."))])
    reason = TextAreaField(
        _l("Waarom er geen antwoord komt"),
        validators=[needed(_l("Schrijf op waarom.")), at_most(REASON_LIMIT)],
    )


def filled(grounds: Grounds) -> dict[str, Any]:
    """What the judging form shows of earlier judgements."""
    return {"grounds": [one.value if one else "" for one in grounds]}
