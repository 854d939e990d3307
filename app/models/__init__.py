"""All stored things, one aggregate per file; models hold no rules and no queries."""

from app.models.audit import AuditEvent
from app.models.calendar import Invitation, InvitationItem, MailLog
from app.models.cases import Case, Declaration, Exclusion, PersonConcerned, Recusal, Section
from app.models.feeds import CheckedWords, Feed
from app.models.meetings import (
    Acceptance,
    AgendaItem,
    Disclosure,
    InputRequest,
    Meeting,
    Seat,
    SeatHold,
)
from app.models.organisations import Covenant, Organisation
from app.models.people import (
    Announcement,
    Draft,
    OneTimeLink,
    Person,
    PowerfulChange,
    RecoveryCode,
    SubmitKey,
    Throttle,
    WebSession,
)
from app.models.planning import PlanningStep
from app.models.records import (
    Action,
    ActionDisclosure,
    ActionEvent,
    Decision,
    DecisionAddressee,
)
from app.models.replies import BouncedAddress, Reply
from app.models.rooms import Room
from app.models.series import ClosurePeriod, Series, SeriesEntry, SeriesException
from app.models.tables import CaseTable, SectionType, StandardDisclosure, TableRole

# Only app/access may select these: each holds, or betrays, something about a case.
PROTECTED = (
    Acceptance,
    Action,
    ActionDisclosure,
    ActionEvent,
    AgendaItem,
    AuditEvent,
    Case,
    CheckedWords,
    Decision,
    DecisionAddressee,
    Declaration,
    Disclosure,
    Exclusion,
    InputRequest,
    Invitation,
    InvitationItem,
    LeakFinding,
    Meeting,
    PersonConcerned,
    PlanningStep,
    Recusal,
    Reply,
    Seat,
    SeatHold,
    Section,
    Series,
    SeriesEntry,
    SeriesException,
)

__all__ = [
    "PROTECTED",
    "Acceptance",
    "Action",
    "ActionDisclosure",
    "ActionEvent",
    "AgendaItem",
    "Announcement",
    "AuditEvent",
    "BouncedAddress",
    "Case",
    "CaseTable",
    "CheckedWords",
    "ClosurePeriod",
    "Covenant",
    "Decision",
    "DecisionAddressee",
    "Declaration",
    "Disclosure",
    "Draft",
    "Exclusion",
    "Feed",
    "InputRequest",
    "Invitation",
    "InvitationItem",
    "LeakFinding",
    "MailLog",
    "Meeting",
    "OneTimeLink",
    "Organisation",
    "Person",
    "PersonConcerned",
    "PlanningStep",
    "PowerfulChange",
    "RecoveryCode",
    "Recusal",
    "Reply",
    "Room",
    "Seat",
    "SeatHold",
    "Section",
    "SectionType",
    "Series",
    "SeriesEntry",
    "SeriesException",
    "StandardDisclosure",
    "SubmitKey",
    "TableRole",
    "Throttle",
    "WebSession",
]
