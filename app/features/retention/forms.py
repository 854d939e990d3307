"""The forms about keeping: terms of a table, and why a case is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from app.domain.kinds import TermSubject
from app.domain.terms import LONGEST, Term, Terms
from app.web.forms import BaseForm, at_most, needed

REASON_LIMIT = 2_000


def _number(label: Any, *, least: int = 1) -> IntegerField:  # noqa: ANN401 - lazy text
    return IntegerField(
        label,
        validators=[
            needed(_l("Vul een getal in.")),
            NumberRange(least, LONGEST, _l("Kies een getal van 1 tot en met 240.")),
        ],
    )


class TermsForm(BaseForm):
    """Months of keeping, and months or weeks of answering; named after the subjects."""

    keep_summary = _number(_l("Samenvatting en inbreng: maanden na het einde van de casus"))
    keep_decisions = _number(_l("Afspraken en acties: maanden na het einde van de casus"))
    keep_identity = _number(_l("Identiteit: maanden na het einde van de casus"))
    keep_replies = _number(_l("Woorden bij antwoorden per mail: maanden na het overleg"))
    reply_avg = _number(_l("Inzageverzoek AVG: maanden"))
    reply_avg_extra = IntegerField(
        _l("Inzageverzoek AVG: verlenging in maanden"),
        validators=[
            Optional(),
            NumberRange(0, LONGEST, _l("Kies een getal van 0 tot en met 240.")),
        ],
    )
    reply_wpg = _number(_l("Inzageverzoek Wpg: weken"))
    reply_wjsg = _number(_l("Inzageverzoek Wjsg: weken"))

    @staticmethod
    def filled_with(terms: Terms) -> dict[str, int]:
        """What the fields show of these terms."""
        shown = {subject.value.replace("-", "_"): term.amount for subject, term in terms.items()}
        return shown | {"reply_avg_extra": terms[TermSubject.REPLY_AVG].extra}

    def to_terms(self) -> Mapping[TermSubject, Term]:
        """What was typed; call after validation."""
        extra = {TermSubject.REPLY_AVG: self.reply_avg_extra.data or 0}
        return {
            subject: Term(self[subject.value.replace("-", "_")].data, extra.get(subject, 0))
            for subject in TermSubject
        }


class HoldForm(BaseForm):
    """Why a case may not be destroyed for now."""

    reason = TextAreaField(
        _l("Reden"), validators=[needed(_l("Schrijf de reden op.")), at_most(REASON_LIMIT)]
    )
