"""Every permission of the product, and the audience a request must belong to before its view runs.

The audience is only the outer wall: whether *this* object may be seen or changed is decided by
the loaders and scopes of this package.
"""

from __future__ import annotations

from enum import StrEnum


class Audience(StrEnum):
    """Who may knock at an endpoint at all."""

    SIGNED_IN = "signed-in"
    PARTNER = "partner"
    STAFF = "staff"
    CONFIRMER = "confirmer"
    EMERGENCY = "emergency"
    LOG_READER = "log-reader"
    OVERSEER = "overseer"
    ADMINISTRATOR = "administrator"
    OFFICE = "office"
    PRIVACY_OFFICER = "privacy-officer"
    REFERRER = "referrer"


class Permission(StrEnum):
    """``resource:action``, alphabetical."""

    ACCESS_REQUEST_MANAGE = "access-request:manage"
    """Take in an access request at a table served, judge texts and send the answer."""
    ACCESS_REQUEST_READ = "access-request:read"
    """See the access requests at the tables served, or those one reviews, and their answers."""
    ACCESS_REQUEST_REVIEW = "access-request:review"
    """Review, as privacy officer, the answer to an access request."""
    ACCESS_REQUEST_VIEW = "access-request:view"
    """Say, as source, what one thinks of giving one's own sections."""
    ACTION_CHASE = "action:chase"
    """See, as deputy, team lead or contact, the actions of one's organisation one was told of."""
    ACTION_FOLLOW = "action:follow"
    """See and chase all actions of the tables served."""
    ACTION_RECORD = "action:record"
    """Record an action at an item."""
    ACTION_REPORT = "action:report"
    """Report the state of one's own action."""
    BRINGING_ANSWER = "bringing:answer"
    """Say for one's own organisation whether it becomes the bringing partner of a case."""
    BRINGING_PROPOSE = "bringing:propose"
    """Ask another organisation to be the bringing partner of a case."""
    ACUTE_REPORT = "acute:report"
    """Report, for police or Veilig Thuis, what was agreed on the spot."""
    CASE_CREATE = "case:create"
    """Put a new case on the list of a table served."""
    CASE_LINE = "case:line"
    """See what happened to a case and when, as far as one may know."""
    CASE_READ = "case:read"
    """Open a case of a table served."""
    CASE_UPDATE = "case:update"
    """Change question, persons concerned and sections."""
    CHANGE_CONFIRM = "change:confirm"
    """Be the second person of a powerful change."""
    CHANGE_READ = "change:read"
    """See which roles and accounts changed at the tables served."""
    CHASING_MANAGE = "chasing:manage"
    """Set how the tables served chase their actions, and whom after whom."""
    CONFIDENTIALITY_ACCEPT = "confidentiality:accept"
    """Accept confidentiality for a meeting on one's own account."""
    DECISION_RECORD = "decision:record"
    """Record a decision at an item."""
    DISCLOSURE_DECIDE = "disclosure:decide"
    """Disclose a section to a seat, or withdraw it."""
    EMERGENCY_FOLLOW = "emergency:follow"
    """See which cases of the tables served were opened in an emergency."""
    EMERGENCY_OPEN = "emergency:open"
    """Open a case in an emergency, read-only, for fifteen minutes."""
    EMERGENCY_REVIEW = "emergency:review"
    """Say as another person whether an emergency reading was justified."""
    EXCLUSION_MANAGE = "exclusion:manage"
    """Exclude a person from a case, lift a recusal."""
    EXPORT_MAKE = "export:make"
    """Take along a copy of what one may see, with its purpose."""
    EXTRACT_READ = "extract:read"
    """Read one's own extract of the minutes."""
    FACT_ANSWER = "fact:answer"
    """See what was reported about cases of the tables served, and answer it."""
    FACT_REPORT = "fact:report"
    """Report what happened, from an own seat, action or task."""
    HOLD_MANAGE = "hold:manage"
    """Keep a case in spite of its terms, or let them count again."""
    HOME_READ = "home:read"
    """Open the start page."""
    HOUSEHOLD_MANAGE = "household:manage"
    """Link cases of one household, and see what is to be done in them together."""
    IMPORT_CASES = "import:cases"
    """Load cases of the tables served from a spreadsheet."""
    IMPORT_PARTNERS = "import:partners"
    """Load partners and their people from a spreadsheet."""
    INPUT_ASK = "input:ask"
    """Ask a seat for input."""
    INPUT_GIVE = "input:give"
    """Give input for an item."""
    INVITATION_ANSWER = "invitation:answer"
    """Answer the invitation to one's own slot."""
    INVITATION_SEND = "invitation:send"
    """Invite the occupants of seats."""
    LEDGER_READ = "ledger:read"
    """See how one's own organisation, or those at the tables served, keep what was agreed."""
    LOG_EXPORT = "log:export"
    """Take a copy of the access log out, as privacy officer."""
    LOG_READ = "log:read"
    """See who opened what, at everything one watches over."""
    MAILBOX_DEMO = "mailbox:demo"
    """Read the demo mailbox (demo mode only)."""
    MAIL_MANAGE = "mail:manage"
    """See which messages did not arrive, and try again or let them lapse."""
    MAIL_OVERSEE = "mail:oversee"
    """See, as privacy officer, that a message was stopped of which no staff may know."""
    MEASUREMENT_MANAGE = "measurement:manage"
    """Fix the periods of baseline and second measurement, and put the questions to partners."""
    MEETING_CLOSE = "meeting:close"
    """Start and close a meeting, record presence, adopt minutes."""
    MEETING_CREATE = "meeting:create"
    """Plan a meeting of a table served."""
    MEETING_PLAN = "meeting:plan"
    """Change date, agenda, seats of a meeting."""
    MEETING_PUBLISH = "meeting:publish"
    """Publish or cancel a meeting."""
    MEETING_READ = "meeting:read"
    """Open the preparation of a meeting of a table served."""
    MINUTES_CORRECT = "minutes:correct"
    """Correct or approve, as somebody who was there, the minutes of an item."""
    NAMES_SHOW = "names:show"
    """Show names of a case or meeting for five minutes."""
    ORGANISATION_MANAGE = "organisation:manage"
    """Add and change organisations and covenants."""
    OWN_ACCOUNT = "own:account"
    """See own sessions, sign out, change password and language."""
    OWN_MEETING = "own:meeting"
    """Open a meeting through one's own seats."""
    OWN_READERS = "own:readers"
    """See who opened the sections of one's own organisation."""
    PAPER_PRINT = "paper:print"
    """Put papers and extracts of a meeting on paper, and tick what came back."""
    PEOPLE_CONFIRM = "people:confirm"
    """Say, as contact of one's own organisation, who still works there."""
    PEOPLE_CONFIRMED = "people:confirmed"
    """See, as privacy officer, which organisations said so, and whose access ended by silence."""
    PERSON_MANAGE = "person:manage"
    """Invite, block and move people."""
    PROVIDER_MANAGE = "provider:manage"
    """Add, change and end the identity providers of partners, and the links of their people."""
    REFERRAL_FOLLOW = "referral:follow"
    """Follow one's own referrals, answer what was asked back, withdraw or hand one on."""
    REFERRAL_MAKE = "referral:make"
    """Refer a case to a table, in steps that are kept for whoever writes them."""
    REFERRAL_TRIAGE = "referral:triage"
    """Judge what was referred to a table served: take up, ask back, accept, advise or refuse."""
    REPLY_DECIDE = "reply:decide"
    """Take over or put aside an answer that came by mail."""
    REPLY_READ = "reply:read"
    """See the answers by mail that wait, and open what was written with one."""
    REPORT_READ = "report:read"
    """See what is published of the figures of the region."""
    RETENTION_CONFIRM = "retention:confirm"
    """Be the second person of a destruction."""
    RETENTION_PREPARE = "retention:prepare"
    """Put what is past its term at a table served into a destruction."""
    RETENTION_READ = "retention:read"
    """See terms, what is past them, and the destructions of the tables overseen."""
    RETENTION_STATEMENT = "retention:statement"
    """Take along the statement of a destruction, which names nobody."""
    ROOM_MANAGE = "room:manage"
    """Add, change and end rooms."""
    SCREENING_KEEP = "screening:keep"
    """Keep the daily screening list of a table served."""
    SEAT_ASSIGN = "seat:assign"
    """Give an organisation a seat and name its occupant."""
    SEAT_DEPUTISE = "seat:deputise"
    """Hand one's own seat to a deputy."""
    SEAT_RECUSE = "seat:recuse"
    """Withdraw because one knows someone concerned."""
    SETTING_HISTORY = "setting:history"
    """See which settings changed, by whom, and since when they hold."""
    SURVEY_ANSWER = "survey:answer"
    """Answer, without a name, what a table asks its partners about working together."""
    TABLE_MANAGE = "table:manage"
    """Set up tables, roles, section schemes, windows."""
    TASK_GIVE = "task:give"
    """Give somebody a task at a case, end one, offer the case to another table."""
    TASK_HOLD = "task:hold"
    """Accept one's own task, open what it names, give it back."""
    TERM_CONFIRM = "term:confirm"
    """Agree, as chair, with other terms of a table."""
    TERM_MANAGE = "term:manage"
    """See the terms of every table and propose others."""
    WHY_READ = "why:read"
    """Ask why somebody sees a section of a case, or does not."""


_AUDIENCE = {
    Permission.ACCESS_REQUEST_MANAGE: Audience.STAFF,
    Permission.ACCESS_REQUEST_READ: Audience.OVERSEER,
    Permission.ACCESS_REQUEST_REVIEW: Audience.PRIVACY_OFFICER,
    Permission.ACCESS_REQUEST_VIEW: Audience.PARTNER,
    Permission.ACTION_CHASE: Audience.PARTNER,
    Permission.ACTION_FOLLOW: Audience.STAFF,
    Permission.ACTION_RECORD: Audience.STAFF,
    Permission.ACTION_REPORT: Audience.PARTNER,
    Permission.BRINGING_ANSWER: Audience.PARTNER,
    Permission.BRINGING_PROPOSE: Audience.STAFF,
    Permission.ACUTE_REPORT: Audience.PARTNER,
    Permission.CASE_CREATE: Audience.STAFF,
    Permission.CASE_LINE: Audience.PARTNER,
    Permission.CASE_READ: Audience.STAFF,
    Permission.CASE_UPDATE: Audience.STAFF,
    Permission.CHANGE_CONFIRM: Audience.CONFIRMER,
    Permission.CHANGE_READ: Audience.OVERSEER,
    Permission.CHASING_MANAGE: Audience.STAFF,
    Permission.CONFIDENTIALITY_ACCEPT: Audience.PARTNER,
    Permission.DECISION_RECORD: Audience.STAFF,
    Permission.DISCLOSURE_DECIDE: Audience.STAFF,
    Permission.EMERGENCY_FOLLOW: Audience.OVERSEER,
    Permission.EMERGENCY_OPEN: Audience.EMERGENCY,
    Permission.EMERGENCY_REVIEW: Audience.CONFIRMER,
    Permission.EXCLUSION_MANAGE: Audience.STAFF,
    Permission.EXPORT_MAKE: Audience.PARTNER,
    Permission.EXTRACT_READ: Audience.PARTNER,
    Permission.FACT_ANSWER: Audience.STAFF,
    Permission.FACT_REPORT: Audience.PARTNER,
    Permission.HOLD_MANAGE: Audience.STAFF,
    Permission.HOME_READ: Audience.SIGNED_IN,
    Permission.HOUSEHOLD_MANAGE: Audience.STAFF,
    Permission.IMPORT_CASES: Audience.STAFF,
    Permission.IMPORT_PARTNERS: Audience.ADMINISTRATOR,
    Permission.INPUT_ASK: Audience.STAFF,
    Permission.INPUT_GIVE: Audience.PARTNER,
    Permission.INVITATION_ANSWER: Audience.PARTNER,
    Permission.INVITATION_SEND: Audience.STAFF,
    Permission.LEDGER_READ: Audience.PARTNER,
    Permission.LOG_EXPORT: Audience.PRIVACY_OFFICER,
    Permission.LOG_READ: Audience.LOG_READER,
    Permission.MAILBOX_DEMO: Audience.SIGNED_IN,
    Permission.MAIL_MANAGE: Audience.ADMINISTRATOR,
    Permission.MAIL_OVERSEE: Audience.PRIVACY_OFFICER,
    Permission.MEASUREMENT_MANAGE: Audience.STAFF,
    Permission.MEETING_CLOSE: Audience.STAFF,
    Permission.MEETING_CREATE: Audience.STAFF,
    Permission.MEETING_PLAN: Audience.STAFF,
    Permission.MEETING_PUBLISH: Audience.STAFF,
    Permission.MEETING_READ: Audience.STAFF,
    Permission.MINUTES_CORRECT: Audience.PARTNER,
    Permission.NAMES_SHOW: Audience.PARTNER,
    Permission.ORGANISATION_MANAGE: Audience.ADMINISTRATOR,
    Permission.OWN_ACCOUNT: Audience.SIGNED_IN,
    Permission.OWN_MEETING: Audience.PARTNER,
    Permission.OWN_READERS: Audience.PARTNER,
    Permission.PAPER_PRINT: Audience.STAFF,
    Permission.PEOPLE_CONFIRM: Audience.PARTNER,
    Permission.PEOPLE_CONFIRMED: Audience.PRIVACY_OFFICER,
    Permission.PERSON_MANAGE: Audience.ADMINISTRATOR,
    Permission.PROVIDER_MANAGE: Audience.ADMINISTRATOR,
    Permission.REFERRAL_FOLLOW: Audience.REFERRER,
    Permission.REFERRAL_MAKE: Audience.REFERRER,
    Permission.REFERRAL_TRIAGE: Audience.STAFF,
    Permission.REPLY_DECIDE: Audience.STAFF,
    Permission.REPLY_READ: Audience.STAFF,
    Permission.REPORT_READ: Audience.OVERSEER,
    Permission.RETENTION_CONFIRM: Audience.OVERSEER,
    Permission.RETENTION_PREPARE: Audience.STAFF,
    Permission.RETENTION_READ: Audience.OVERSEER,
    Permission.RETENTION_STATEMENT: Audience.SIGNED_IN,
    Permission.ROOM_MANAGE: Audience.ADMINISTRATOR,
    Permission.SCREENING_KEEP: Audience.STAFF,
    Permission.SEAT_ASSIGN: Audience.STAFF,
    Permission.SEAT_DEPUTISE: Audience.PARTNER,
    Permission.SEAT_RECUSE: Audience.PARTNER,
    Permission.SETTING_HISTORY: Audience.ADMINISTRATOR,
    Permission.SURVEY_ANSWER: Audience.PARTNER,
    Permission.TABLE_MANAGE: Audience.ADMINISTRATOR,
    Permission.TASK_GIVE: Audience.STAFF,
    Permission.TASK_HOLD: Audience.PARTNER,
    Permission.WHY_READ: Audience.OVERSEER,
    Permission.TERM_CONFIRM: Audience.CONFIRMER,
    Permission.TERM_MANAGE: Audience.ADMINISTRATOR,
}


def audience_of(permission: Permission) -> Audience:
    """The audience of a permission; a permission without one is a programming error (KeyError)."""
    return _AUDIENCE[permission]
