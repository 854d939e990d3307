"""The words on screen about referrals, for the referrer and for staff alike."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.kinds import Channel, ReferralState, Urgency
from app.domain.referral_drafts import Lack, Step
from app.domain.table_chooser import Sign

URGENCY: dict[Urgency, Any] = {
    Urgency.ACUTE: _l("acuut: vandaag"),
    Urgency.SOON: _l("met spoed: binnen een week"),
    Urgency.REGULAR: _l("gewoon: het eerstvolgende overleg"),
}

CHANNEL: dict[Channel, Any] = {
    Channel.FORM: _l("formulier"),
    Channel.TELEPHONE: _l("telefoon"),
    Channel.POLICE_REPORT: _l("politiemutatie of aangifte"),
    Channel.CHAT: _l("chat"),
    Channel.OTHER_TABLE: _l("ander overleg"),
    Channel.ON_THE_SPOT: _l("ter plaatse"),
}

# What the referrer reads; who it was accepted by or where it lies stands beside it.
OWN_STATE: dict[ReferralState, Any] = {
    ReferralState.DRAFT: _l("Concept"),
    ReferralState.SENT: _l("Ontvangen"),
    ReferralState.IN_TRIAGE: _l("In beoordeling"),
    ReferralState.RETURNED: _l("Vraag aan u"),
    ReferralState.ACCEPTED: _l("Geaccepteerd"),
    ReferralState.ADVISED: _l("Advies"),
    ReferralState.REFUSED: _l("Niet in behandeling"),
    ReferralState.WITHDRAWN: _l("Ingetrokken"),
    ReferralState.CLOSED: _l("Afgesloten"),
}
STATE_KINDS: dict[ReferralState, str] = {
    ReferralState.RETURNED: "warn",
    ReferralState.ACCEPTED: "ok",
}

STEP: dict[Step, Any] = {
    Step.TABLE: _l("Welk overleg"),
    Step.MATTER: _l("Wat er speelt"),
    Step.CRITERIA: _l("Criteria"),
    Step.HOUSEHOLD: _l("Huishouden"),
}

LACK: dict[Lack, Any] = {
    Lack.TABLE: _l("Kies een overleg dat aanmeldingen aanneemt."),
    Lack.QUESTION: _l("Schrijf de vraag aan het overleg op."),
    Lack.CAUSE: _l("Schrijf op wat er speelt."),
    Lack.URGENCY: _l("Kies hoe snel het nodig is."),
    Lack.CRITERIA: _l("Loop de criteria van dit overleg na."),
    Lack.MEMBERS: _l("Noem ten minste één betrokkene."),
    Lack.INFORMED: _l("Zeg of het gezin weet van de aanmelding."),
    Lack.REASON: _l("Schrijf op waarom het gezin het nog niet weet."),
}

QUESTION: dict[Sign, Any] = {
    Sign.ACUTE: _l("Is er vandaag acuut gevaar?"),
    Sign.PROTECTION: _l("Is een kinderbeschermingsmaatregel in beeld?"),
    Sign.STUCK: _l("Is het geweld structureel en loopt de hulp vast?"),
    Sign.CHAINS: _l(
        "Zijn er meerdere ketens nodig (zorg, straf, bestuur), of is de veiligheid in de buurt "
        "ernstig in het geding?"
    ),
}
ADVICE: dict[Sign, Any] = {
    Sign.ACUTE: _l(
        "Bij acuut gevaar gaat het om vandaag: in een actie-overleg stemmen politie, OM en zorg "
        "binnen uren of dagen af wie wat doet, en in welke volgorde. Bel daarnaast meteen."
    ),
    Sign.PROTECTION: _l(
        "Bij een mogelijke kinderbeschermingsmaatregel hoort de jeugdbeschermingstafel: ouders en "
        "kinderen vanaf 12 jaar praten daar mee."
    ),
    Sign.STUCK: _l(
        "Bij structureel geweld waarbij de hulp vastloopt past MDA++: partners maken samen één "
        "plan, van directe veiligheid tot herstel."
    ),
    Sign.CHAINS: _l(
        "Bij problemen over meerdere ketens of ernstige onveiligheid in de buurt past het Zorg- en "
        "Veiligheidshuis, met een persoonsgerichte aanpak."
    ),
}
