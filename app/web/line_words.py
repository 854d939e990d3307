"""The words of a line of time: one sentence per moment, and what a stored code is called.

Codes of outcomes and clocks are called as the kind of their table has it; they come along.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.kinds import Channel, ReferralState
from app.domain.kinds.happenings import Happening
from app.web import labels

SENTENCE: dict[Happening, Any] = {
    Happening.CREATED: _l("Op de lijst gezet"),
    Happening.REFERRED: _l("Aangemeld"),
    Happening.REFERRAL_DECIDED: _l("Aanmelding beoordeeld"),
    Happening.ASKED_BACK: _l("Vraag gesteld aan de aanmelder"),
    Happening.ANSWERED: _l("Vraag beantwoord door de aanmelder"),
    Happening.HANDOVER_PROPOSED: _l("Overdracht voorgesteld"),
    Happening.HANDOVER_ACCEPTED: _l("Overdracht aanvaard"),
    Happening.HANDOVER_REFUSED: _l("Overdracht geweigerd"),
    Happening.HANDOVER_WITHDRAWN: _l("Overdracht ingetrokken"),
    Happening.ON_AGENDA: _l("Geagendeerd"),
    Happening.DISCUSSED: _l("Besproken"),
    Happening.OUTCOME: _l("Uitkomst vastgelegd"),
    Happening.PHASE: _l("Fase gewijzigd"),
    Happening.ORDER_SERVED: _l("Huisverbod uitgereikt"),
    Happening.CLOCK_RUNNING: _l("Termijn loopt tot"),
    Happening.CLOCK_MISSED: _l("Termijn verstreken"),
    Happening.CLOCK_MET: _l("Binnen de termijn gedaan"),
    Happening.LEAD_PROPOSED: _l("Gevraagd als casusregisseur"),
    Happening.LEAD_ACCEPTED: _l("Casusregie aanvaard"),
    Happening.LEAD_ENDED: _l("Casusregie geëindigd"),
    Happening.FACT_REPORTED: _l("Nieuw feit gemeld"),
    Happening.FACT_ANSWERED: _l("Nieuw feit beantwoord"),
    Happening.BRINGING_PROPOSED: _l("Gevraagd als aanbrengende partner"),
    Happening.BRINGING_ACCEPTED: _l("Aanbrengende partner gewijzigd"),
    Happening.BRINGING_REFUSED: _l("Aanbrengende partner worden geweigerd"),
    Happening.BRINGING_WITHDRAWN: _l("Vraag om aanbrengende partner te worden ingetrokken"),
    Happening.SAFETY_AGREED: _l("Veiligheidsafspraak gemaakt"),
    Happening.CLOSED: _l("Afgesloten"),
}
CHANNEL: dict[Channel, Any] = {
    Channel.FORM: _l("per formulier"),
    Channel.TELEPHONE: _l("per telefoon"),
    Channel.POLICE_REPORT: _l("na een politiemelding"),
    Channel.CHAT: _l("na een chat"),
    Channel.OTHER_TABLE: _l("vanuit een ander overleg"),
    Channel.ON_THE_SPOT: _l("ter plaatse"),
}
REFERRAL_STATE: dict[ReferralState, Any] = {
    ReferralState.DRAFT: _l("concept"),
    ReferralState.SENT: _l("verstuurd"),
    ReferralState.IN_TRIAGE: _l("in triage"),
    ReferralState.RETURNED: _l("terug naar aanmelder"),
    ReferralState.ACCEPTED: _l("geaccepteerd"),
    ReferralState.ADVISED: _l("advies gegeven"),
    ReferralState.REFUSED: _l("afgewezen"),
    ReferralState.WITHDRAWN: _l("ingetrokken"),
    # What was decided about it stays that; the end of its case is a moment of its own.
    ReferralState.CLOSED: _l("geaccepteerd"),
}
_OF_CODE: dict[Happening, dict[Any, Any]] = {
    Happening.REFERRED: CHANNEL,
    Happening.REFERRAL_DECIDED: REFERRAL_STATE,
    Happening.ON_AGENDA: labels.DISCUSSION_KIND,
    Happening.DISCUSSED: labels.DISCUSSION_KIND,
    Happening.PHASE: labels.PHASE,
    Happening.CLOSED: labels.CASE_STATE,
}


def sentence(what: Happening) -> str:
    """What happened."""
    return str(SENTENCE[what])


def of_code(what: Happening, code: str) -> str:
    """What a stored code is called; empty where the moment has none."""
    known = _OF_CODE.get(what)
    return str(known[code]) if known and code else ""


def mark_of(what: Happening) -> str:
    """The word beside a moment that asks to be seen."""
    return str(_("te laat")) if what is Happening.CLOCK_MISSED else ""
