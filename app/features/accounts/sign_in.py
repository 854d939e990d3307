"""Signing in: password, then a one-time or recovery code, each good for one session only.

Every refusal of a password is the same in words, status and time, whether the address exists or
not. Nothing here knows of requests: the view lends the making of session rows.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass

import segno
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.access import audit, load_actor
from app.access.administration import factors
from app.access.administration.accounts import has_ended
from app.access.administration.ways_in import tell_of_way
from app.domain import totp
from app.domain.errors import NotVisible, Reason, Refusal
from app.domain.kinds import AccountState
from app.features.accounts import hashing, throttling
from app.features.accounts.opening import OpenSession
from app.features.accounts.recovery import replace_codes, tell_of_recovery
from app.infra import clock, crypto
from app.infra.db import reading, transaction
from app.models import Person, RecoveryCode, WebSession

ISSUER = "Casustafel"


@dataclass(frozen=True, slots=True)
class PasswordPassed:
    """The password was right: the token of the pending session, and whether to enrol first."""

    token: str
    must_enrol: bool


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What to copy into the app: the secret in groups of four, and the address behind the QR."""

    secret: str
    uri: str
    email: str

    @property
    def groups(self) -> str:
        """The secret in groups of four, readable aloud."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))

    def qr_svg(self) -> bytes:
        """The address as a QR code: an SVG without script or style attributes."""
        picture = io.BytesIO()
        segno.make(self.uri, error="m", micro=False).save(
            picture, kind="svg", scale=5, light="#ffffff", svgclass=None, lineclass=None
        )
        return picture.getvalue()


@dataclass(frozen=True, slots=True)
class Account:
    """What the checks need of a person, read at one moment."""

    id: uuid.UUID
    email: str
    is_active: bool
    password_hash: str | None
    sealed_secret: crypto.Sealed
    last_step: int
    has_kept: bool
    is_elsewhere: bool

    @property
    def is_enrolled(self) -> bool:
        """Whether a second factor was set up (factors.py)."""
        has_app = self.sealed_secret.ciphertext is not None and self.last_step > 0
        return has_app or self.has_kept


def normalised_email(email: str) -> str:
    """The form in which addresses are stored and compared."""
    return email.strip().lower()


def check_password(
    email: str, password: str, *, address: str, open_pending: OpenSession, open_enrol: OpenSession
) -> PasswordPassed:
    """First step. Refusal SIGN_IN_FAILED, alike for every cause, or TOO_MANY_TRIES."""
    email = normalised_email(email)
    counted = throttling.for_sign_in(email, address)
    throttling.count_try(counted)
    account = _find(Person.email == email)
    fits = hashing.is_password(account.password_hash if account else None, password)
    if account is None or not fits or not account.is_active:
        record_failure(account.id if account else None, address)
        raise Refusal(Reason.SIGN_IN_FAILED)
    with transaction() as session:
        throttling.forgive(session, counted)
        if account.password_hash and hashing.is_outdated(account.password_hash):
            _rehash(session, account.id, password)
        # Whose organisation asks the second step sets up none here by a password alone.
        if account.is_enrolled or account.is_elsewhere:
            return PasswordPassed(open_pending(session, account.id), must_enrol=False)
        return PasswordPassed(start_enrolment(session, account.id, open_enrol), must_enrol=True)


def start_enrolment(session: Session, person_id: uuid.UUID, open_enrol: OpenSession) -> str:
    """Give a fresh secret, valid only once confirmed; gives the token of the pending session."""
    sealed = crypto.seal(crypto.ACCOUNTS, totp.new_secret(), belongs_to=secret_binding(person_id))
    session.execute(
        update(Person)
        .where(Person.id == person_id, Person.totp_last_step == 0)
        .values(totp_ct=sealed)
    )
    return open_enrol(session, person_id)


def secret_binding(person_id: uuid.UUID) -> str:
    """The row and column the sealed secret belongs to."""
    return f"person:{person_id}:totp"


def enrolment_of(person_id: uuid.UUID) -> Enrolment:
    """The secret to copy; NotVisible once it was confirmed."""
    account = _active(person_id)
    if account.is_enrolled:
        raise NotVisible
    secret = crypto.unseal(account.sealed_secret)
    uri = totp.otpauth_uri(secret, account=account.email, issuer=ISSUER)
    return Enrolment(secret, uri, account.email)


def confirm_enrolment(
    session_id: uuid.UUID,
    person_id: uuid.UUID,
    code: str,
    *,
    address: str,
    open_full: OpenSession,
) -> tuple[str, tuple[str, ...]]:
    """First code of the app: gives the token of the full session and ten recovery codes."""
    if _active(person_id).is_enrolled:
        raise NotVisible
    burn_code(person_id, code, address=address, recovery=False)
    with transaction() as session:
        codes = replace_codes(session, person_id)
        tell_of_way(session, person_id, by=person_id)
        token = finish(session, session_id, person_id, address=address, open_full=open_full)
    return token, codes


def check_code(
    session_id: uuid.UUID,
    person_id: uuid.UUID,
    code: str,
    *,
    address: str,
    open_full: OpenSession,
) -> str:
    """Second step: gives the token of the full session. Refusal CODE_WRONG or TOO_MANY_TRIES."""
    with_recovery = burn_code(person_id, code, address=address, recovery=True)
    with transaction() as session:
        if with_recovery:
            tell_of_recovery(session, person_id)
        return finish(session, session_id, person_id, address=address, open_full=open_full)


def burn_code(person_id: uuid.UUID, code: str, *, address: str, recovery: bool) -> bool:
    """Use a code up, one of recovery where that will do; gives whether it was one.

    Refusal CODE_WRONG or TOO_MANY_TRIES.
    """
    counted = throttling.for_second_factor(str(person_id))
    throttling.count_try(counted)
    account = _active(person_id)
    with_recovery = recovery and totp.is_recovery_code(code)
    used = _burn_recovery(person_id, code) if with_recovery else _burn_step(account, code)
    if not used:
        record_failure(account.id, address)
        raise Refusal(Reason.CODE_WRONG, "code")
    with transaction() as session:
        throttling.forgive(session, counted)
    return with_recovery


def _burn_step(account: Account, code: str) -> bool:
    """Accept a code once: of many at the same moment one finds the row still unmoved."""
    secret = crypto.unseal(account.sealed_secret)
    if not secret:
        return False
    step = totp.accepted_step(secret, code, now=clock.now(), last_step=account.last_step)
    if step is None:
        return False
    with transaction() as session:
        moved = session.execute(
            update(Person)
            .where(Person.id == account.id, Person.totp_last_step < step)
            .values(totp_last_step=step)
            .execution_options(synchronize_session=False)
        )
        return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _burn_recovery(person_id: uuid.UUID, code: str) -> bool:
    given = totp.hash_recovery_code(code, salt=person_id.bytes)
    with transaction() as session:
        burnt = session.execute(
            update(RecoveryCode)
            .where(
                RecoveryCode.person_id == person_id,
                RecoveryCode.code_hash == given,
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=clock.now())
            .execution_options(synchronize_session=False)
        )
        return bool(burnt.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def finish(
    session: Session,
    session_id: uuid.UUID | None,
    person_id: uuid.UUID,
    *,
    address: str,
    open_full: OpenSession,
) -> str:
    """End the pending session, start the full one, and record it; one pending session, one full.

    None for a way that has one step.
    """
    now = clock.now()
    if session_id is not None:
        ended = session.execute(
            update(WebSession)
            .where(WebSession.id == session_id, WebSession.revoked_at.is_(None))
            .values(revoked_at=now, ended_reason="signed-in")
        )
        if not ended.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            raise Refusal(Reason.CODE_WRONG, "code")
    actor = load_actor(session, person_id, now=now, address=address)
    session.execute(update(Person).where(Person.id == person_id).values(last_sign_in_at=now))
    audit.record(
        session,
        actor,
        audit.Entry(event=audit.Event.SIGN_IN, object_kind="person", object_id=person_id),
    )
    return open_full(session, person_id)


def _find(condition: ColumnElement[bool]) -> Account | None:
    with reading() as session:
        kept, elsewhere = (
            factors.kept().label("has_kept"),
            factors.elsewhere().label("is_elsewhere"),
        )
        row = session.execute(select(Person, kept, elsewhere).where(condition)).one_or_none()
        if row is None:
            return None
        person = row.Person
        return Account(
            id=person.id,
            email=person.email,
            is_active=person.state is AccountState.ACTIVE and not has_ended(person),
            password_hash=person.password_hash,
            sealed_secret=crypto.Sealed(person.totp_ct, secret_binding(person.id)),
            last_step=person.totp_last_step,
            has_kept=row.has_kept,
            is_elsewhere=row.is_elsewhere,
        )


def _active(person_id: uuid.UUID) -> Account:
    account = _find(Person.id == person_id)
    if account is None or not account.is_active:
        raise NotVisible
    return account


def _rehash(session: Session, person_id: uuid.UUID, password: str) -> None:
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(password_hash=hashing.hash_password(password))
    )


def record_failure(person_id: uuid.UUID | None, address: str) -> None:
    """Note in the log that somebody did not get in."""
    with transaction() as session:
        audit.record(
            session,
            None,
            audit.Entry(
                event=audit.Event.SIGN_IN_FAILED,
                object_kind="person",
                object_id=person_id,
                outcome="refused",
                address=address,
            ),
        )
