"""The words on screen for the closed vocabularies; one table per enum, alphabetical by enum."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice  # type: ignore[attr-defined]  # newer than the published types

from app.domain.kinds import (
    AccountState,
    ActionState,
    AnnouncementKind,
    AnswerKind,
    AuthorityCheck,
    CaseState,
    Chain,
    ConcernedRole,
    ContactPart,
    DecisionKind,
    DiscussionKind,
    FamilyPart,
    FamilyRole,
    FeedContent,
    Ground,
    HoldEnd,
    IdentityCheck,
    InvitationAnswer,
    ItemKind,
    MeetingState,
    NoticeStep,
    OddReading,
    OrganisationKind,
    Participation,
    Phase,
    PowerfulChangeKind,
    PresenceState,
    RedactionGround,
    Regime,
    ReplyReason,
    RequiredRole,
    RetentionClass,
    SharedWay,
    SourceOpinion,
    TableKind,
    TableRoleName,
    TaskKind,
    TermSubject,
)
from app.domain.minutes_text import FamilyLine
from app.domain.rhythm import LAST, RhythmKind
from app.web import referral_words

# One block per enum, in the order of the enum itself. ``Any`` stands for lazy text.
ACCOUNT_STATE: dict[AccountState, Any] = {
    AccountState.INVITED: _l("uitgenodigd"),
    AccountState.ACTIVE: _l("actief"),
    AccountState.BLOCKED: _l("geblokkeerd"),
    AccountState.LEFT: _l("vertrokken"),
}

ANNOUNCEMENT: dict[AnnouncementKind, Any] = {
    AnnouncementKind.ACTING_CHAIR: _l("Waarnemend voorzitter"),
    AnnouncementKind.ACTING_CHAIR_ENDED: _l("Niet langer waarnemend voorzitter"),
    AnnouncementKind.ROLE_GIVEN: _l("Rol gegeven"),
    AnnouncementKind.ROLE_ENDED: _l("Rol beëindigd"),
    AnnouncementKind.ROLE_END_SET: _l("Laatste dag van een rol gewijzigd"),
    AnnouncementKind.MOVED: _l("Naar een andere organisatie"),
    AnnouncementKind.BLOCKED: _l("Account geblokkeerd"),
    AnnouncementKind.UNBLOCKED: _l("Account weer open"),
    AnnouncementKind.LEFT: _l("Vertrokken"),
    AnnouncementKind.NOT_CONFIRMED: _l("Niet bevestigd door de organisatie: toegang beëindigd"),
    AnnouncementKind.MAIL_DOMAINS: _l("Maildomeinen gewijzigd"),
    AnnouncementKind.ORGANISATION_ENDED: _l("Organisatie beëindigd"),
    AnnouncementKind.SIGN_IN_CHANGED: _l("Manier van inloggen gewijzigd"),
    AnnouncementKind.RECOVERY_USED: _l("Met een herstelcode ingelogd"),
}

ANSWER_KIND: dict[AnswerKind, Any] = {
    AnswerKind.FULL: _l("inzage"),
    AnswerKind.PART: _l("inzage in een deel"),
    AnswerKind.REFUSED: _l("geen inzage"),
    AnswerKind.NEITHER: _l("bevestigen noch ontkennen"),
}

AUTHORITY_CHECK: dict[AuthorityCheck, Any] = {
    AuthorityCheck.SELF: _l("vraagt voor zichzelf, 16 jaar of ouder"),
    AuthorityCheck.PARENT_OF_YOUNG: _l(
        "ouder van een kind jonger dan 12; gezag gezien in het gezagsregister"
    ),
    AuthorityCheck.PARENT_WITH_CONSENT: _l(
        "ouder van een kind van 12 tot 16; gezag gezien en het kind stemt in"
    ),
    AuthorityCheck.GUARDIAN: _l("voogd; uitspraak van de rechter gezien"),
    AuthorityCheck.MANDATE: _l("gemachtigde; machtiging gezien"),
}

CASE_STATE: dict[CaseState, Any] = {
    CaseState.REFERRED: _l("aangemeld"),
    CaseState.IN_TRIAGE: _l("in triage"),
    CaseState.RETURNED: _l("terug naar aanmelder"),
    CaseState.REFUSED: _l("afgewezen"),
    CaseState.ACCEPTED: _l("geaccepteerd"),
    CaseState.ON_AGENDA: _l("geagendeerd"),
    CaseState.DISCUSSED: _l("besproken"),
    CaseState.IN_PROGRESS: _l("in uitvoering"),
    CaseState.CLOSED: _l("afgeschaald"),
    CaseState.DESTROYED: _l("vernietigd"),
}

# How a case came in; stored as coordinators write it in their lists.
CHANNEL: dict[str, Any] = {
    "formulier": _l("formulier"),
    "telefoon": _l("telefoon"),
    "e-mail": _l("e-mail"),
    "politie": _l("politie"),
    "chat": _l("chat"),
    "andere tafel": _l("ander overleg"),
}

CONCERNED_ROLE: dict[ConcernedRole, Any] = {
    ConcernedRole.ALLEGED_PERPETRATOR: _l("vermoedelijke pleger"),
    ConcernedRole.VICTIM: _l("slachtoffer"),
    ConcernedRole.CHILD: _l("kind"),
    ConcernedRole.PARENTAL_AUTHORITY: _l("gezagsdrager"),
    ConcernedRole.NETWORK: _l("netwerk"),
}

CHAIN: dict[Chain, Any] = {
    Chain.JUSTICE: _l("Straf"),
    Chain.CARE: _l("Zorg"),
}

ACTION_STATE: dict[ActionState, Any] = {
    ActionState.OPEN: _l("Nog niet gestart"),
    ActionState.STARTED: _l("In uitvoering"),
    ActionState.DONE: _l("Afgerond"),
    ActionState.NOT_POSSIBLE: _l("Niet uitvoerbaar"),
    ActionState.NOT_DONE: _l("Niet uitgevoerd"),
    ActionState.LAPSED: _l("Vervallen"),
}

DECISION_KIND: dict[DecisionKind, Any] = {
    DecisionKind.AGREEMENT: _l("Afspraak"),
    DecisionKind.SAFETY_AGREEMENT: _l("Veiligheidsafspraak"),
    DecisionKind.ADVICE: _l("Advies"),
    DecisionKind.BY_PROSECUTOR: _l("Besluit van de officier van justitie"),
    DecisionKind.BY_MAYOR: _l("Besluit van de burgemeester"),
}

DISCUSSION_KIND: dict[DiscussionKind, Any] = {
    DiscussionKind.NEW: _l("Eerste bespreking"),
    DiscussionKind.FOLLOW_UP: _l("Vervolgbespreking"),
    DiscussionKind.INFORMATION: _l("Ter kennisname"),
    DiscussionKind.CLOSING: _l("Afschaling"),
}

FAMILY_PART: dict[FamilyPart, Any] = {
    FamilyPart.PRESENT: _l("aanwezig"),
    FamilyPart.HEARD_BEFORE: _l("vooraf gehoord"),
    FamilyPart.STAYED_AWAY: _l("niet gekomen"),
    FamilyPart.NOT_INVITED: _l("niet uitgenodigd"),
}

FAMILY_ROLE: dict[FamilyRole, Any] = {
    FamilyRole.PARENT: _l("ouder"),
    FamilyRole.CHILD: _l("kind"),
    FamilyRole.RELATIVE: _l("familielid"),
    FamilyRole.SUPPORT: _l("steunpersoon"),
}

FEED_CONTENT: dict[FeedContent, Any] = {
    FeedContent.BUSY: _l("Alleen “Bezet” met de tijden"),
    FeedContent.MEETING: _l("“Overleg” met de tijden en de plaats"),
}

FIXED_ITEM_KIND: dict[ItemKind, Any] = {
    ItemKind.OPENING: _l("Opening en geheimhouding"),
    ItemKind.BREAK: _l("Pauze en wisselmoment"),
    ItemKind.CLOSING: _l("Afspraken en afsluiting"),
}

GROUND: dict[Ground, Any] = {
    Ground.SEAT: _l("deelname"),
    Ground.STAFF: _l("begeleiding"),
    Ground.SOURCE: _l("bron"),
    Ground.BREAK_GLASS: _l("noodtoegang"),
    Ground.TASK: _l("taak"),
}

HOLD_END: dict[HoldEnd, Any] = {
    HoldEnd.HANDED_OVER: _l("gaf de deelname aan een vervanger"),
    HoldEnd.HANDED_BACK: _l("gaf de deelname terug"),
    HoldEnd.RECUSED: _l("trok zich terug"),
    HoldEnd.REVOKED: _l("deelname beëindigd"),
}

IDENTITY_CHECK: dict[IdentityCheck, Any] = {
    IdentityCheck.DOCUMENT: _l("identiteitsbewijs gezien"),
    IdentityCheck.ELECTRONIC: _l("elektronisch bevestigd, zoals met DigiD"),
    IdentityCheck.LAWYER: _l("door een advocaat ingediend"),
}

INVITATION_ANSWER: dict[InvitationAnswer, Any] = {
    InvitationAnswer.OPEN: _l("nog geen antwoord"),
    InvitationAnswer.YES: _l("komt"),
    InvitationAnswer.NO: _l("komt niet"),
}

MEETING_STATE: dict[MeetingState, Any] = {
    MeetingState.DRAFT: _l("concept"),
    MeetingState.PUBLISHED: _l("opengesteld"),
    MeetingState.RUNNING: _l("bezig"),
    MeetingState.CLOSED: _l("gesloten"),
    MeetingState.ADOPTED: _l("verslag vastgesteld"),
    MeetingState.CANCELLED: _l("afgezegd"),
}

ODD_READING: dict[OddReading, Any] = {
    OddReading.OUTSIDE_MEETING: _l("buiten een overleg om"),
    OddReading.MANY_CASES: _l("veel casussen in een uur"),
    OddReading.NIGHT: _l("in de nacht"),
    OddReading.NOT_PRESENT: _l("niet aanwezig bij het overleg"),
}

ORGANISATION_KIND: dict[OrganisationKind, Any] = {
    OrganisationKind.VEILIG_THUIS: _l("Veilig Thuis"),
    OrganisationKind.POLICE: _l("politie"),
    OrganisationKind.PROSECUTION: _l("Openbaar Ministerie"),
    OrganisationKind.CHILD_PROTECTION: _l("Raad voor de Kinderbescherming"),
    OrganisationKind.PROBATION: _l("reclassering"),
    OrganisationKind.YOUTH_PROTECTION: _l("gecertificeerde instelling"),
    OrganisationKind.MUNICIPALITY: _l("gemeente"),
    OrganisationKind.LOCAL_TEAM: _l("lokaal team"),
    OrganisationKind.MENTAL_HEALTH: _l("ggz"),
    OrganisationKind.ADDICTION_CARE: _l("verslavingszorg"),
    OrganisationKind.SEXUAL_VIOLENCE_CENTRE: _l("Centrum Seksueel Geweld"),
    OrganisationKind.VICTIM_SUPPORT: _l("Slachtofferhulp"),
    OrganisationKind.SHELTER: _l("opvang"),
    OrganisationKind.SAFETY_HOUSE: _l("Zorg- en Veiligheidshuis"),
    OrganisationKind.EDUCATION_HEALTH: _l("onderwijs en jeugdgezondheidszorg"),
    OrganisationKind.OTHER: _l("andere organisatie"),
}

PARTICIPATION: dict[Participation, Any] = {
    Participation.ACCEPTED: _l("komt"),
    Participation.DECLINED: _l("komt niet"),
    Participation.TENTATIVE: _l("misschien"),
    Participation.DELEGATED: _l("doorgegeven aan een ander"),
    Participation.NONE: _l("geen antwoord"),
}

PHASE: dict[Phase, Any] = {
    Phase.DIRECT_SAFETY: _l("directe veiligheid"),
    Phase.STABLE_SAFETY: _l("stabiele veiligheid"),
    Phase.RECOVERY: _l("herstel"),
}

POWERFUL_CHANGE_KIND: dict[PowerfulChangeKind, Any] = {
    PowerfulChangeKind.APPOINT_CHAIR: _l("Benoemen tot voorzitter"),
    PowerfulChangeKind.APPOINT_COORDINATOR: _l("Benoemen tot procesregisseur"),
    PowerfulChangeKind.APPOINT_PRIVACY_OFFICER: _l("Benoemen tot privacy officer"),
    PowerfulChangeKind.APPOINT_EMERGENCY_READER: _l("Aanwijzen als lezer bij nood"),
    PowerfulChangeKind.APPOINT_SUPERVISOR: _l("Benoemen tot FG"),
    PowerfulChangeKind.CHANGE_EMAIL: _l("Ander e-mailadres om in te loggen"),
    PowerfulChangeKind.CHANGE_HOST: _l("Andere gastheer"),
    PowerfulChangeKind.RESET_SECOND_FACTOR: _l("Tweede factor opnieuw instellen"),
}

PRESENCE: dict[PresenceState, Any] = {
    PresenceState.PRESENT: _l("aanwezig"),
    PresenceState.REMOTE: _l("op afstand"),
    PresenceState.DEPUTY: _l("vervanger"),
    PresenceState.ABSENT_NOTICE: _l("afwezig met bericht"),
    PresenceState.ABSENT: _l("afwezig"),
}

REDACTION_GROUND: dict[RedactionGround, Any] = {
    RedactionGround.OTHER_PERSON: _l("gaat over een ander"),
    RedactionGround.SAFETY: _l("veiligheid van een ander"),
    RedactionGround.INVESTIGATION: _l("opsporing of vervolging"),
    RedactionGround.SECRECY: _l("beroepsgeheim"),
}

REGIME: dict[Regime, Any] = {
    Regime.AVG: _l("AVG"),
    Regime.WPG: _l("Wet politiegegevens"),
    Regime.WJSG: _l("Wet justitiële en strafvorderlijke gegevens"),
    Regime.MEDICAL: _l("medisch beroepsgeheim"),
}

REPLY_REASON: dict[ReplyReason, Any] = {
    ReplyReason.AUTOMATIC: _l("Automatisch bericht."),
    ReplyReason.CONTRADICTS: _l("Ja en nee op hetzelfde moment."),
    ReplyReason.DELEGATED: _l("Wil dat een ander komt. U beslist wie mag deelnemen."),
    ReplyReason.ENTRY_ENDED: _l("Kwam toen de afspraak al was vervallen of voorbij."),
    ReplyReason.NEWER_ANSWER: _l("Er is al een nieuwer antwoord."),
    ReplyReason.NO_ACCOUNT: _l("Het account is niet actief."),
    ReplyReason.NO_ANSWER: _l("Zegt niet of de persoon komt."),
    ReplyReason.NO_SEAT: _l("Neemt niet meer deel."),
    ReplyReason.NO_SECRET: _l("Kwam niet op het antwoordadres van deze uitnodiging."),
    ReplyReason.NOT_AUTHENTICATED: _l("De mailserver kon de afzender niet bevestigen."),
    ReplyReason.OLDER_ENTRY: _l("Gaat over een eerdere tijd van deze afspraak."),
    ReplyReason.OTHER_OCCURRENCE: _l("Gaat over een dag die niet in deze uitnodiging staat."),
    ReplyReason.PROPOSAL: _l("Stelt een andere tijd voor. Uw tijden zijn niet veranderd."),
    ReplyReason.SENDER_DIFFERS: _l("Verstuurd vanaf een ander adres dan dat van de genodigde."),
    ReplyReason.SERIES: _l("Meldt zich af voor een dag van de vaste reeks."),
    ReplyReason.SOMEBODY_ELSE: _l("Antwoord van iemand die niet is uitgenodigd."),
    ReplyReason.TOO_LARGE: _l("Bericht te groot."),
    ReplyReason.UNKNOWN_ENTRY: _l("Hoort bij geen uitnodiging."),
    ReplyReason.UNREADABLE: _l("Bericht niet te lezen."),
    ReplyReason.WORDS: _l("Antwoord in woorden."),
}

REQUIRED_ROLE: dict[RequiredRole, Any] = {
    RequiredRole.VEILIG_THUIS: _l("Veilig Thuis"),
    RequiredRole.POLICE: _l("politie"),
    RequiredRole.PROSECUTION: _l("Openbaar Ministerie"),
    RequiredRole.CHILD_PROTECTION: _l("Raad voor de Kinderbescherming"),
    RequiredRole.PROBATION: _l("reclassering"),
    RequiredRole.YOUTH_PROTECTION: _l("jeugdbescherming"),
    RequiredRole.MUNICIPALITY: _l("gemeente"),
    RequiredRole.CARE: _l("zorg of hulp"),
}

RETENTION_CLASS: dict[RetentionClass, Any] = {
    RetentionClass.SUMMARY: _l("samenvatting en inbreng"),
    RetentionClass.DECISIONS: _l("afspraken en acties"),
    RetentionClass.IDENTITY: _l("identiteit"),
}

TERM_SUBJECT: dict[TermSubject, Any] = {
    TermSubject.KEEP_SUMMARY: _l("samenvatting en inbreng"),
    TermSubject.KEEP_DECISIONS: _l("afspraken en acties"),
    TermSubject.KEEP_IDENTITY: _l("identiteit"),
    TermSubject.KEEP_REPLIES: _l("woorden bij antwoorden per mail"),
    TermSubject.REPLY_AVG: _l("inzageverzoek AVG"),
    TermSubject.REPLY_WPG: _l("inzageverzoek Wpg"),
    TermSubject.REPLY_WJSG: _l("inzageverzoek Wjsg"),
}

NTH: dict[int, Any] = {
    1: _l("eerste"),
    2: _l("tweede"),
    3: _l("derde"),
    4: _l("vierde"),
    LAST: _l("laatste"),
}

RHYTHM_KIND: dict[RhythmKind, Any] = {
    RhythmKind.WEEKLY: _l("op vaste dagen van de week"),
    RhythmKind.MONTHLY: _l("op een vaste dag van de maand"),
    RhythmKind.WORKING_DAYS: _l("elke werkdag"),
    RhythmKind.EVERY_DAY: _l("elke dag, ook in het weekend"),
}

SOURCE_OPINION: dict[SourceOpinion, Any] = {
    SourceOpinion.YES: _l("ja, geef alles"),
    SourceOpinion.PART: _l("ja, een deel"),
    SourceOpinion.NO: _l("nee"),
    SourceOpinion.NONE: _l("niet geantwoord"),
}

TABLE_KIND: dict[TableKind, Any] = {
    TableKind.MDA: _l("MDA++"),
    TableKind.ZSM: _l("ZSM"),
    TableKind.ACTION: _l("actie-overleg"),
    TableKind.ON_THE_SPOT: _l("Samen op in Acuut"),
    TableKind.SCREENING: _l("Spoedteam"),
    TableKind.SAFETY_HOUSE: _l("Zorg- en Veiligheidshuis"),
    TableKind.YOUTH_PROTECTION: _l("jeugdbeschermingstafel"),
    TableKind.EXCLUSION_ORDER: _l("tijdelijk huisverbod"),
    TableKind.THEMATIC: _l("themaoverleg"),
}

TABLE_ROLE: dict[TableRoleName, Any] = {
    TableRoleName.CHAIR: _l("voorzitter"),
    TableRoleName.COORDINATOR: _l("procesregisseur"),
    TableRoleName.REPRESENTATIVE: _l("vertegenwoordiger"),
    TableRoleName.DEPUTY: _l("vaste vervanger"),
    TableRoleName.EMERGENCY_READER: _l("lezer bij nood"),
}

TASK_KIND: dict[TaskKind, Any] = {
    TaskKind.GUEST: _l("Gast bij één bespreking"),
    TaskKind.INFORMATION_REQUEST: _l("Informatieverzoek"),
    TaskKind.HANDOVER: _l("Overdracht"),
    TaskKind.SECRETARY: _l("Verslaglegging"),
    TaskKind.ACCESS_REVIEW: _l("Toetsing van een inzageverzoek"),
    TaskKind.CASE_LEAD: _l("Casusregie"),
}

# In which languages somebody may be answered (app/web/i18n.py).
LANGUAGE: dict[Any, Any] = {"nl": _l("Nederlands"), "en": _l("Engels")}

# How a text came to an organisation, as somebody concerned reads it.
SHARED_WAY: dict[Any, Any] = {
    SharedWay.SEAT: _l("Deelname aan het overleg"),
    SharedWay.INPUT_REQUEST: _l("Gevraagd om inbreng voor het overleg"),
    SharedWay.DECISION: _l("Afspraak met deze organisatie"),
    SharedWay.ACTION: _l("Actie van deze organisatie"),
    SharedWay.EMERGENCY: _l("Noodtoegang bij acuut gevaar"),
    **TASK_KIND,
}

# 0 is Monday, as everywhere in the code.
WEEKDAY: dict[int, Any] = {
    0: _l("maandag"),
    1: _l("dinsdag"),
    2: _l("woensdag"),
    3: _l("donderdag"),
    4: _l("vrijdag"),
    5: _l("zaterdag"),
    6: _l("zondag"),
}

CONTACT_PART: dict[ContactPart, Any] = {
    ContactPart.TEAM_LEAD: _l("Teamleider"),
    ContactPart.CONTACT: _l("Contactpersoon van de organisatie"),
}

NOTICE_PERSON: dict[NoticeStep, Any] = {
    NoticeStep.BEFORE: _l("actiehouder"),
    NoticeStep.ON_THE_DAY: _l("actiehouder"),
    NoticeStep.AFTER: _l("actiehouder"),
    NoticeStep.DEPUTY: _l("teamleider of vervanger"),
    NoticeStep.CONTACT: _l("contactpersoon van de organisatie"),
    NoticeStep.CHAIR: _l("voorzitter van het overleg"),
}


def choices(labels: dict[Any, Any]) -> list[SelectChoice]:
    """Choices of a select or radio field: stored value and words, in the order of the enum."""
    return [SelectChoice(member.value, words) for member, words in labels.items()]


def words(labels: dict[Any, Any], member: StrEnum | str) -> str:
    """The words of one member in the reader's language; also finds it by its stored value."""
    return str(labels[member])


def family_words(line: FamilyLine) -> str:
    """How many of the family took part as what and how, such as "2 ouder aanwezig"."""
    return f"{line.number} {words(FAMILY_ROLE, line.role)} {words(FAMILY_PART, line.part)}"


def channel(stored: str) -> str:
    """How a case came in, as a list or as a referral names it; other words stand as they are."""
    known = {one.value: text for one, text in referral_words.CHANNEL.items()} | CHANNEL
    return str(known.get(stored, stored))
