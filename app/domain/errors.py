"""The exceptions of the product; mapped to HTTP in one place only (app/web/errors.py)."""

from __future__ import annotations

from enum import StrEnum


class CasustafelError(Exception):
    """Root of everything the product raises on purpose."""


class NotVisible(CasustafelError):  # noqa: N818 - a state of knowledge, absent and hidden alike
    """The object does not exist for this actor; absent and hidden give the same 404."""


class NotPermitted(CasustafelError):  # noqa: N818 - named after the answer it gives
    """The actor may see the object but not do this; 403."""


class StaleEdit(CasustafelError):  # noqa: N818 - named after what happened
    """Somebody else saved first; ``theirs`` is the text that stands now. 409."""

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__("stale edit")
        self.theirs = theirs
        self.version = version


class Reason(StrEnum):
    """Why something was refused; every member has a sentence in app/web/errors.py."""

    ACCEPT_FIRST = "accept-first"
    ACCOUNT_UNKNOWN = "account-unknown"
    ACTIONS_UNDECIDED = "actions-undecided"
    ALREADY_ANSWERED = "already-answered"
    ALREADY_CLOSED = "already-closed"
    ALREADY_PUBLISHED = "already-published"
    ALREADY_STARTED = "already-started"
    ANSWER_NEEDS_TEXT = "answer-needs-text"
    ASKED_ALREADY = "asked-already"
    BASELINE_MISSING = "baseline-missing"
    BORN_IN_FUTURE = "born-in-future"
    CANNOT_RETURN = "cannot-return"
    CASE_ALREADY_ON_AGENDA = "case-already-on-agenda"
    CASE_NOT_OPENED = "case-not-opened"
    CASE_UNKNOWN = "case-unknown"
    CHANGE_PENDING = "change-pending"
    CODE_WRONG = "code-wrong"
    CONFIRM_BY_OTHER = "confirm-by-other"
    CONFIRM_END = "confirm-end"
    CONFIRM_READERS = "confirm-readers"
    COVENANT_MISSING = "covenant-missing"
    COVENANT_OVERLAPS = "covenant-overlaps"
    CRITERIA_CHANGED = "criteria-changed"
    DATE_DOES_NOT_EXIST = "date-does-not-exist"
    DATE_IN_PAST = "date-in-past"
    DATE_UNREADABLE = "date-unreadable"
    DAY_NOT_OPEN = "day-not-open"
    DEPUTY_OR_REPRESENTATIVE = "deputy-or-representative"
    DAYS_OUT_OF_RANGE = "days-out-of-range"
    DEADLINE_AFTER_START = "deadline-after-start"
    DEADLINE_PASSED = "deadline-passed"
    DEVIATION_NEEDS_TEXT = "deviation-needs-text"
    EMAIL_TAKEN = "email-taken"
    END_BEFORE_START = "end-before-start"
    FILE_UNREADABLE = "file-unreadable"
    FIXED_ITEM = "fixed-item"
    FIXED_ITEM_EXISTS = "fixed-item-exists"
    GATE_WAITS = "gate-waits"
    GUEST_ACCOUNT = "guest-account"
    HANDOVER_SETTLED = "handover-settled"
    HANDOVER_WAITS = "handover-waits"
    HOUR_DOES_NOT_EXIST = "hour-does-not-exist"
    IDENTITY_CLASS = "identity-class"
    PASSING_ON_FORBIDDEN = "passing-on-forbidden"
    PICKED_UP_ALREADY = "picked-up-already"
    PLAN_STANDS_ALONE = "plan-stands-alone"
    INPUT_DISCUSSED = "input-discussed"
    JUDGE_FIRST = "judge-first"
    KIND_CHANGE_WAITS = "kind-change-waits"
    KIND_CLOCK_EMPTY = "kind-clock-empty"
    KIND_COUNTS_NOWHERE = "kind-counts-nowhere"
    KIND_IN_USE = "kind-in-use"
    KIND_ORDER_ENDS = "kind-order-ends"
    KIND_ROLE_UNFILLED = "kind-role-unfilled"
    KIND_SECTION_NEEDED = "kind-section-needed"
    KIND_UNCHANGED = "kind-unchanged"
    LADDER_ORDER = "ladder-order"
    LEAVERS_FIRST = "leavers-first"
    LAST_WAY_IN = "last-way-in"
    LINK_EXPIRED = "link-expired"
    LOOK_FIRST = "look-first"
    MEETING_CANCELLED = "meeting-cancelled"
    MINUTES_HELD_BACK = "minutes-held-back"
    MINUTES_WAIT = "minutes-wait"
    MOMENTS_TOO_MANY = "moments-too-many"
    MUST_BE_SAME_ORGANISATION = "must-be-same-organisation"
    NAME_TAKEN = "name-taken"
    NO_DAY_LEFT = "no-day-left"
    NO_IDENTITY_SECTION = "no-identity-section"
    NOBODY_TO_ACCEPT = "nobody-to-accept"
    NOBODY_THERE = "nobody-there"
    NAMES_HIDDEN = "names-hidden"
    NO_END_TO_ROLE = "no-end-to-role"
    NO_OCCUPANT = "no-occupant"
    NOTHING_DUE = "nothing-due"
    NOT_ADMINISTRATOR_AND_STAFF = "not-administrator-and-staff"
    NOT_INVITED = "not-invited"
    NOT_PUBLISHED = "not-published"
    NOT_SUPERVISOR_AND_MORE = "not-supervisor-and-more"
    NUMBER_OUT_OF_RANGE = "number-out-of-range"
    ONE_WEEKDAY = "one-weekday"
    ORAL_NOT_AGREED = "oral-not-agreed"
    ORAL_RESTED_ON = "oral-rested-on"
    ORGANISATION_HOSTS = "organisation-hosts"
    OUTSIDE_MEETING = "outside-meeting"
    OUTSIDE_ORGANISATION = "outside-organisation"
    OWNER_NOT_OF_ORGANISATION = "owner-not-of-organisation"
    PASSKEY_REFUSED = "passkey-refused"
    PASSWORD_WEAK = "password-weak"  # noqa: S105 - a reason, not a password
    PASSWORD_WRONG = "password-wrong"  # noqa: S105 - as above
    PEOPLE_FIRST = "people-first"
    PERIODS_DIFFER = "periods-differ"
    PERIODS_OVERLAP = "periods-overlap"
    PERIOD_FIXED = "period-fixed"
    PERIOD_TURNED = "period-turned"
    PERSON_FIRST = "person-first"
    PARTNER_NOT_ALLOWED = "partner-not-allowed"
    PERSON_NOT_ACTIVE = "person-not-active"
    PERSON_WAS_SHARED = "person-was-shared"
    PRINT_OVERTAKEN = "print-overtaken"
    PROVIDER_TAKEN = "provider-taken"
    QUIET_OUT_OF_RANGE = "quiet-out-of-range"
    REASON_NEEDED = "reason-needed"
    REFERRAL_INCOMPLETE = "referral-incomplete"
    REGION_NOT_EMPTY = "region-not-empty"
    SAID_IN_FUTURE = "said-in-future"
    ROLE_HELD = "role-held"
    ROOM_TAKEN = "room-taken"
    ROOM_TAKEN_ON = "room-taken-on"
    SAFE_TELLS = "safe-tells"
    SCREENED_ALREADY = "screened-already"
    SEAT_EXISTS = "seat-exists"
    SECTION_IN_USE = "section-in-use"
    SERIES_ENDED = "series-ended"
    SERIES_TOO_LONG = "series-too-long"
    SIGN_IN_FAILED = "sign-in-failed"
    SOURCES_FIRST = "sources-first"
    SOURCE_DECIDES = "source-decides"
    STANDARD_EXISTS = "standard-exists"
    STATEMENT_CHANGED = "statement-changed"
    STATE_NOT_ALLOWED = "state-not-allowed"
    SUBSTITUTE_FIRST = "substitute-first"
    TABLE_TAKES_NONE = "table-takes-none"
    TASK_TOO_LONG = "task-too-long"
    TERM_IDENTITY = "term-identity"
    TERM_NOT_LATER = "term-not-later"
    TERM_ORDER = "term-order"
    TERM_OUT_OF_RANGE = "term-out-of-range"
    TEXT_TOO_LONG = "text-too-long"
    TOO_FEW_PARTNERS = "too-few-partners"
    TOO_MANY_CONCERNED = "too-many-concerned"
    TOO_MANY_PASSKEYS = "too-many-passkeys"
    TOO_MANY_TRIES = "too-many-tries"
    UNDO_OVERTAKEN = "undo-overtaken"
    UNDO_TOO_LATE = "undo-too-late"
    UPLOAD_GONE = "upload-gone"
    VALUE_MISSING = "value-missing"
    VALUE_UNKNOWN = "value-unknown"
    WEEKDAY_MISSING = "weekday-missing"
    WORDS_BETRAY = "words-betray"


class Refusal(CasustafelError):  # noqa: N818 - named after the answer it gives
    """The act breaks a rule; nothing was saved. ``field`` is the form field it belongs to."""

    def __init__(self, reason: Reason, field: str | None = None, **params: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.field = field
        self.params = params
