"""Ways of signing in beside the password: identity providers, linked identities, passkeys."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.kinds import CeremonyPurpose
from app.infra.db import Base, enum_of, fk


class IdentityProvider(Base):
    """The OpenID provider of a partner organisation, for its own people alone.

    ``domains`` of the addresses that are sent there, and ``second_factors``: the values of ``acr``
    or ``amr`` that say a second factor was used; with a space between two. Found by ``issuer``.
    """

    __tablename__ = "identity_provider"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    organisation_id: Mapped[uuid.UUID] = mapped_column(fk("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(300), unique=True)
    client_id: Mapped[str] = mapped_column(String(200))
    client_secret_ct: Mapped[bytes | None]
    domains: Mapped[str] = mapped_column(String(400), default="")
    second_factors: Mapped[str] = mapped_column(String(400), default="")
    asks_acr: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class LinkedIdentity(Base):
    """Somebody's identity at a provider, known by issuer and subject and by nothing else."""

    __tablename__ = "linked_identity"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    provider_id: Mapped[uuid.UUID] = mapped_column(fk("identity_provider.id"))
    subject: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("provider_id", "subject"),)


class SignInCeremony(Base):
    """What was asked of a provider or a passkey and may be answered once, by the same browser.

    ``token_hash`` is of the state or challenge. ``secret_ct`` holds what the answer is checked
    against: what binds it to the browser that asked, or the challenge.
    """

    __tablename__ = "sign_in_ceremony"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[CeremonyPurpose] = mapped_column(enum_of(CeremonyPurpose))
    provider_id: Mapped[uuid.UUID | None] = mapped_column(fk("identity_provider.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(fk("person.id"))
    session_id: Mapped[uuid.UUID | None] = mapped_column(fk("web_session.id"))
    secret_ct: Mapped[bytes]
    onward: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LogoutToken(Base):
    """A provider's word that somebody left was taken in, which counts once; kept until too old."""

    __tablename__ = "logout_token"
    provider_id: Mapped[uuid.UUID] = mapped_column(fk("identity_provider.id"), primary_key=True)
    token_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    taken_at: Mapped[datetime]


class Passkey(Base):
    """A key of somebody's device: its public half, and how often it signed, which only grows."""

    __tablename__ = "passkey"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(fk("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    transports: Mapped[str] = mapped_column(String(120), default="")
    is_synced: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(String(20), default="")
