"""Accounts, roles and what is changed about people; stored in English, never shown."""

from __future__ import annotations

from enum import StrEnum


class AccountState(StrEnum):
    """Life of a person's account."""

    INVITED = "invited"
    ACTIVE = "active"
    BLOCKED = "blocked"
    LEFT = "left"


class TableRoleName(StrEnum):
    """What a person is at one case table; a standing deputy is asked first and may nothing more."""

    CHAIR = "chair"
    COORDINATOR = "coordinator"
    REPRESENTATIVE = "representative"
    DEPUTY = "deputy"
    EMERGENCY_READER = "emergency-reader"


STAFF_ROLES = (TableRoleName.CHAIR, TableRoleName.COORDINATOR)


class AnnouncementKind(StrEnum):
    """What was done without a second person and a table's staff are told of (access.md §2)."""

    ACTING_CHAIR = "acting-chair"
    ACTING_CHAIR_ENDED = "acting-chair-ended"
    ROLE_GIVEN = "role-given"
    ROLE_ENDED = "role-ended"
    ROLE_END_SET = "role-end-set"
    MOVED = "moved"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    LEFT = "left"
    NOT_CONFIRMED = "not-confirmed"
    MAIL_DOMAINS = "mail-domains"
    ORGANISATION_ENDED = "organisation-ended"
    SIGN_IN_CHANGED = "sign-in-changed"
    RECOVERY_USED = "recovery-used"


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


class SignInMethod(StrEnum):
    """By what a session was started; each is as strong as the others."""

    PASSWORD = "password"  # noqa: S105 - the name of a way
    PASSKEY = "passkey"
    PROVIDER = "provider"


class CeremonyPurpose(StrEnum):
    """What a provider or a passkey was asked for."""

    SIGN_IN = "sign-in"
    SECOND_FACTOR = "second-factor"
    STEP_UP = "step-up"
    RECHECK = "recheck"
    REGISTER = "register"


class RecertificationAnswer(StrEnum):
    """What the contact of an organisation says of one of its people."""

    STAYS = "stays"
    LEAVES = "leaves"
