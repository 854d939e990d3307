"""The closed vocabularies of the product as StrEnums: stored values in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class AccountState(StrEnum):
    """Life of a person's account."""

    INVITED = "invited"
    ACTIVE = "active"
    BLOCKED = "blocked"
    LEFT = "left"


class TableRoleName(StrEnum):
    """What a person is at one case table."""

    CHAIR = "chair"
    COORDINATOR = "coordinator"
    REPRESENTATIVE = "representative"
    EMERGENCY_READER = "emergency-reader"


STAFF_ROLES = (TableRoleName.CHAIR, TableRoleName.COORDINATOR)


class MailState(StrEnum):
    """What is known of a mail: on its way, answer lost, taken, or surely not taken."""

    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    FAILED = "failed"


class OrganisationKind(StrEnum):
    """Kind of partner; standard disclosures are set per kind."""

    VEILIG_THUIS = "veilig-thuis"
    POLICE = "police"
    PROSECUTION = "prosecution"
    CHILD_PROTECTION = "child-protection"
    PROBATION = "probation"
    YOUTH_PROTECTION = "youth-protection"
    MUNICIPALITY = "municipality"
    LOCAL_TEAM = "local-team"
    MENTAL_HEALTH = "mental-health"
    ADDICTION_CARE = "addiction-care"
    SEXUAL_VIOLENCE_CENTRE = "sexual-violence-centre"
    VICTIM_SUPPORT = "victim-support"
    SHELTER = "shelter"
    SAFETY_HOUSE = "safety-house"
    EDUCATION_HEALTH = "education-health"
    OTHER = "other"


class TableKind(StrEnum):
    """Kind of case table (domain.md §1.1)."""

    MDA = "mda"
    ZSM = "zsm"
    ACTION = "action"
    SAFETY_HOUSE = "safety-house"
    YOUTH_PROTECTION = "youth-protection"
    EXCLUSION_ORDER = "exclusion-order"
    THEMATIC = "thematic"


class RetentionClass(StrEnum):
    """What a data key protects; each class of a case is destroyed on its own (architecture §4)."""

    SUMMARY = "summary"
    DECISIONS = "decisions"
    IDENTITY = "identity"


class TermSubject(StrEnum):
    """What a term of a table is about: keeping something, or answering under a regime."""

    KEEP_SUMMARY = "keep-summary"
    KEEP_DECISIONS = "keep-decisions"
    KEEP_IDENTITY = "keep-identity"
    KEEP_REPLIES = "keep-replies"
    REPLY_AVG = "reply-avg"
    REPLY_WPG = "reply-wpg"
    REPLY_WJSG = "reply-wjsg"


class IdentityCheck(StrEnum):
    """How it was made sure that who asks for access is who they say."""

    DOCUMENT = "document"
    ELECTRONIC = "electronic"
    LAWYER = "lawyer"


class AuthorityCheck(StrEnum):
    """Why somebody may ask about this person; for a child, whose authority was checked and how."""

    SELF = "self"
    PARENT_OF_YOUNG = "parent-of-young"
    PARENT_WITH_CONSENT = "parent-with-consent"
    GUARDIAN = "guardian"
    MANDATE = "mandate"


class AnswerKind(StrEnum):
    """What an access request is answered with."""

    FULL = "full"
    PART = "part"
    REFUSED = "refused"
    NEITHER = "neither"


class PartKind(StrEnum):
    """What kind of text an access request may open."""

    QUESTION = "question"
    SECTION = "section"
    DECISION = "decision"
    ACTION = "action"


class RedactionGround(StrEnum):
    """Why a passage is left out of the answer to an access request."""

    OTHER_PERSON = "other-person"
    SAFETY = "safety"
    INVESTIGATION = "investigation"
    SECRECY = "secrecy"


class SourceOpinion(StrEnum):
    """What a source says of giving what it brought; ``NONE`` is staff's word that it says nothing.

    Whoever asks has a right to an answer in time, also where a source has nobody left to speak.
    """

    YES = "yes"
    PART = "part"
    NO = "no"
    NONE = "none"


class Regime(StrEnum):
    """The law a section comes from (domain.md §3.8)."""

    AVG = "avg"
    WPG = "wpg"
    WJSG = "wjsg"
    MEDICAL = "medical"


class CaseState(StrEnum):
    """States of a case (domain.md §5)."""

    REFERRED = "referred"
    IN_TRIAGE = "in-triage"
    RETURNED = "returned"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    ON_AGENDA = "on-agenda"
    DISCUSSED = "discussed"
    IN_PROGRESS = "in-progress"
    CLOSED = "closed"
    DESTROYED = "destroyed"


class ConcernedRole(StrEnum):
    """Role of a person concerned in a case (access.md §1)."""

    ALLEGED_PERPETRATOR = "alleged-perpetrator"
    VICTIM = "victim"
    CHILD = "child"
    PARENTAL_AUTHORITY = "parental-authority"
    NETWORK = "network"


class MeetingState(StrEnum):
    """Where a meeting stands; derived from its stored moments (domain.md §5)."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RUNNING = "running"
    CLOSED = "closed"
    ADOPTED = "adopted"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    """A case on the agenda, or a fixed block."""

    CASE = "case"
    OPENING = "opening"
    BREAK = "break"
    CLOSING = "closing"


class DiscussionKind(StrEnum):
    """Why a case stands on the agenda (domain.md §1.2)."""

    NEW = "new"
    FOLLOW_UP = "follow-up"
    INFORMATION = "information"
    CLOSING = "closing"


class InvitationAnswer(StrEnum):
    """Answer of an occupant to the invitation."""

    OPEN = "open"
    YES = "yes"
    NO = "no"


class Participation(StrEnum):
    """What a calendar says of whoever was invited (PARTSTAT of RFC 5545)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"
    NONE = "none"


class ReplyState(StrEnum):
    """What became of an answer that came by mail."""

    APPLIED = "applied"
    HELD = "held"
    OLD = "old"
    QUARANTINED = "quarantined"
    BOUNCED = "bounced"


class ReplyReason(StrEnum):
    """Why an answer by mail was not simply applied."""

    AUTOMATIC = "automatic"
    CONTRADICTS = "contradicts"
    DELEGATED = "delegated"
    ENTRY_ENDED = "entry-ended"
    NEWER_ANSWER = "newer-answer"
    NO_ACCOUNT = "no-account"
    NO_ANSWER = "no-answer"
    NO_SEAT = "no-seat"
    NO_SECRET = "no-secret"  # noqa: S105 - a reason, not a password
    NOT_AUTHENTICATED = "not-authenticated"
    OLDER_ENTRY = "older-entry"
    OTHER_OCCURRENCE = "other-occurrence"
    PROPOSAL = "proposal"
    SENDER_DIFFERS = "sender-differs"
    SERIES = "series"
    SOMEBODY_ELSE = "somebody-else"
    TOO_LARGE = "too-large"
    UNKNOWN_ENTRY = "unknown-entry"
    UNREADABLE = "unreadable"
    WORDS = "words"


class InputAnswer(StrEnum):
    """Answer to a request for input (issue: journey step 5)."""

    NOT_KNOWN = "not-known"
    NOTHING_PARTICULAR = "nothing-particular"
    TEXT = "text"
    SPOKEN = "spoken"


class PresenceState(StrEnum):
    """Roll call per seat."""

    PRESENT = "present"
    REMOTE = "remote"
    DEPUTY = "deputy"
    ABSENT_NOTICE = "absent-notice"
    ABSENT = "absent"


class HoldEnd(StrEnum):
    """Why a person stopped holding a seat."""

    HANDED_OVER = "handed-over"
    HANDED_BACK = "handed-back"
    RECUSED = "recused"
    REVOKED = "revoked"


class DecisionKind(StrEnum):
    """Agreement of the table, or a decision of the competent body (domain.md §8)."""

    AGREEMENT = "agreement"
    SAFETY_AGREEMENT = "safety-agreement"
    BY_PROSECUTOR = "by-prosecutor"
    BY_MAYOR = "by-mayor"
    ADVICE = "advice"


class ActionState(StrEnum):
    """States of an action; overdue is derived (domain.md §5)."""

    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    NOT_POSSIBLE = "not-possible"
    NOT_DONE = "not-done"
    LAPSED = "lapsed"


class Ground(StrEnum):
    """The ground of access.md §2 on which content is seen."""

    SEAT = "seat"
    STAFF = "staff"
    SOURCE = "source"
    BREAK_GLASS = "break-glass"
    TASK = "task"


class LogRole(StrEnum):
    """The role in which somebody did what the access log says (NEN 7513)."""

    ADMINISTRATOR = "administrator"
    CHAIR = "chair"
    COORDINATOR = "coordinator"
    EMERGENCY_READER = "emergency-reader"
    PRIVACY_OFFICER = "privacy-officer"
    PROFESSIONAL = "professional"
    REPRESENTATIVE = "representative"
    SEAT_HOLDER = "seat-holder"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"
    TASK_HOLDER = "task-holder"


class OddReading(StrEnum):
    """What makes a reading stand out in the log; a question to ask, not a verdict."""

    OUTSIDE_MEETING = "outside-meeting"
    MANY_CASES = "many-cases"
    NIGHT = "night"
    NOT_PRESENT = "not-present"


class TaskKind(StrEnum):
    """Why somebody without a seat is given named fields of one case (access.md §1)."""

    GUEST = "guest"
    INFORMATION_REQUEST = "information-request"
    HANDOVER = "handover"
    SECRETARY = "secretary"
    ACCESS_REVIEW = "access-review"
    CASE_LEAD = "case-lead"


class SharedWay(StrEnum):
    """How a text of a case came to an organisation, where no task says so."""

    SEAT = "seat"
    INPUT_REQUEST = "input-request"
    DECISION = "decision"
    ACTION = "action"
    EMERGENCY = "emergency"


class AnnouncementKind(StrEnum):
    """What an administrator did alone and a table's staff are told of (access.md §2)."""

    ROLE_GIVEN = "role-given"
    ROLE_ENDED = "role-ended"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MAIL_DOMAINS = "mail-domains"


class SeriesAudience(StrEnum):
    """For whom a recurring calendar entry stands: whoever serves the table, or all partners."""

    STAFF = "staff"
    RESERVATION = "reservation"


class FeedContent(StrEnum):
    """What a calendar subscription says of a meeting: only that one is busy, or also where."""

    BUSY = "busy"
    MEETING = "meeting"


class PowerfulChangeKind(StrEnum):
    """Changes that need a second person (access.md §2)."""

    APPOINT_CHAIR = "appoint-chair"
    APPOINT_COORDINATOR = "appoint-coordinator"
    APPOINT_PRIVACY_OFFICER = "appoint-privacy-officer"
    APPOINT_EMERGENCY_READER = "appoint-emergency-reader"
    APPOINT_SUPERVISOR = "appoint-supervisor"
    CHANGE_EMAIL = "change-email"
    CHANGE_HOST = "change-host"
    RESET_SECOND_FACTOR = "reset-second-factor"
