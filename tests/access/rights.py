"""Which act of the tables stands for which permission: none is left that nobody tried.

What only opens a page stands in the tables of who sees what; what is about no case is apart.
"""

from collections.abc import Mapping

from app.access import Permission

_P = Permission
TRIED: Mapping[Permission, tuple[str, str]] = {
    _P.ACCESS_REQUEST_MANAGE: ("on other grounds", "q"),
    _P.ACCESS_REQUEST_REVIEW: ("on other grounds", "j"),
    _P.ACCESS_REQUEST_VIEW: ("on other grounds", "y"),
    _P.CHASING_MANAGE: ("between meetings", "c"),
    _P.EXPORT_MAKE: ("between meetings", "x"),
    _P.MEASUREMENT_MANAGE: ("between meetings", "e"),
    _P.SURVEY_ANSWER: ("between meetings", "q"),
    _P.ACTION_FOLLOW: ("before meetings", "x"),
    _P.ACTION_RECORD: ("while it is held", "A"),
    _P.ACTION_REPORT: ("at meetings", "t"),
    _P.ACUTE_REPORT: ("before meetings", "e"),
    _P.BRINGING_ANSWER: ("before meetings", "A"),
    _P.BRINGING_PROPOSE: ("before meetings", "B"),
    _P.CASE_CREATE: ("before meetings", "z"),
    _P.CASE_UPDATE: ("at meetings", "q"),
    _P.CONFIDENTIALITY_ACCEPT: ("at meetings", "c"),
    _P.DECISION_RECORD: ("while it is held", "D"),
    _P.DISCLOSURE_DECIDE: ("before meetings", "g"),
    _P.EMERGENCY_OPEN: ("on other grounds", "n"),
    _P.EMERGENCY_REVIEW: ("on other grounds", "v"),
    _P.EXCLUSION_MANAGE: ("at meetings", "x"),
    _P.FACT_ANSWER: ("between meetings", "f"),
    _P.FACT_REPORT: ("between meetings", "s"),
    _P.HOLD_MANAGE: ("on other grounds", "h"),
    _P.HOUSEHOLD_MANAGE: ("before meetings", "L"),
    _P.INPUT_ASK: ("between meetings", "r"),
    _P.INPUT_GIVE: ("at meetings", "i"),
    _P.INVITATION_ANSWER: ("at meetings", "a"),
    _P.INVITATION_SEND: ("at meetings", "v"),
    _P.MEETING_CLOSE: ("while it is held", "x"),
    _P.MEETING_CREATE: ("while it is held", "j"),
    _P.MEETING_PLAN: ("before meetings", "T"),
    _P.MEETING_PUBLISH: ("at meetings", "p"),
    _P.MINUTES_CORRECT: ("while it is held", "R"),
    _P.PAPER_PRINT: ("while it is held", "L"),
    _P.REFERRAL_FOLLOW: ("before meetings", "w"),
    _P.REFERRAL_MAKE: ("before meetings", "b"),
    _P.REFERRAL_TRIAGE: ("before meetings", "t"),
    _P.REPLY_DECIDE: ("before meetings", "v"),
    _P.RETENTION_CONFIRM: ("on other grounds", "c"),
    _P.RETENTION_PREPARE: ("on other grounds", "p"),
    _P.SCREENING_KEEP: ("before meetings", "l"),
    _P.SEAT_ASSIGN: ("at meetings", "s"),
    _P.SEAT_DEPUTISE: ("at meetings", "h"),
    _P.SEAT_RECUSE: ("at meetings", "k"),
    _P.TABLE_MANAGE: ("before meetings", "K"),
    _P.TASK_GIVE: ("on other grounds", "g"),
    _P.TASK_HOLD: ("on other grounds", "a"),
}
# Opens something, or takes it along: a matter of who sees what.
LOOKS = frozenset({
    _P.ACCESS_REQUEST_READ, _P.ACTION_CHASE, _P.CASE_LINE, _P.CASE_READ, _P.CHANGE_READ, _P.EMERGENCY_FOLLOW,
    _P.EXTRACT_READ, _P.HOME_READ, _P.LEDGER_READ, _P.REPORT_READ, _P.LOG_EXPORT, _P.LOG_READ, _P.MAILBOX_DEMO,
    _P.MAIL_OVERSEE, _P.MEETING_READ, _P.NAMES_SHOW, _P.OWN_MEETING, _P.OWN_READERS, _P.REPLY_READ,
    _P.RETENTION_READ, _P.RETENTION_STATEMENT, _P.WHY_READ,
})  # fmt: skip
# About accounts, organisations, rooms and terms, and what is loaded from a file: each at its page.
APART = frozenset({
    _P.CHANGE_CONFIRM, _P.IMPORT_CASES, _P.IMPORT_PARTNERS, _P.MAIL_MANAGE, _P.ORGANISATION_MANAGE,
    _P.OWN_ACCOUNT, _P.PEOPLE_CONFIRM, _P.PEOPLE_CONFIRMED, _P.PERSON_MANAGE, _P.PROVIDER_MANAGE, _P.ROOM_MANAGE, _P.TERM_CONFIRM,
    _P.SETTING_HISTORY, _P.TERM_MANAGE,
})  # fmt: skip
