"""The words staff read about referrals they judge."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.access.referrals.completeness import Missing
from app.domain.kinds import Channel, ReferralState

STATE: dict[ReferralState, Any] = {
    ReferralState.SENT: _l("nieuw"),
    ReferralState.IN_TRIAGE: _l("in triage"),
    ReferralState.RETURNED: _l("terug naar aanmelder"),
    ReferralState.ACCEPTED: _l("geaccepteerd"),
    ReferralState.ADVISED: _l("advies gegeven"),
    ReferralState.REFUSED: _l("niet in behandeling"),
    ReferralState.WITHDRAWN: _l("ingetrokken door aanmelder"),
    ReferralState.CLOSED: _l("afgesloten"),
}
STATE_KINDS: dict[ReferralState, str] = {
    ReferralState.SENT: "now",
    ReferralState.RETURNED: "warn",
    ReferralState.ACCEPTED: "ok",
}

MISSING: dict[Missing, Any] = {
    Missing.QUESTION: _l("de vraag aan het overleg"),
    Missing.CAUSE: _l("wat er speelt"),
    Missing.HOUSEHOLD: _l("het huishouden"),
    Missing.FAMILY: _l("of het gezin het weet"),
}

CHANNEL: dict[Channel, Any] = {
    Channel.FORM: _l("formulier"),
    Channel.TELEPHONE: _l("telefoon"),
    Channel.POLICE_REPORT: _l("politiemutatie of aangifte"),
    Channel.CHAT: _l("chat"),
    Channel.OTHER_TABLE: _l("ander overleg"),
    Channel.ON_THE_SPOT: _l("ter plaatse"),
}
