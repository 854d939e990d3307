"""What may be wrong with the word of an identity provider; it never says for whom."""

from __future__ import annotations

from enum import StrEnum

from app.domain.errors import CasustafelError


class ProviderFault(StrEnum):
    """Why nobody was signed in; stands in the access log as the outcome, so it stays short."""

    ALGORITHM = "algorithm"
    ANOTHER = "other-sub"
    AUDIENCE = "audience"
    BROWSER = "browser"
    DENIED = "denied"
    ENDED = "link-ended"
    EXPIRED = "expired"
    FUTURE = "future"
    ISSUER = "issuer"
    LEFT = "left"
    NONCE = "nonce"
    NO_ACCOUNT = "no-account"
    OLD_PROOF = "old-proof"
    ONE_FACTOR = "one-factor"
    OTHER_PERSON = "other-person"
    SIGNATURE = "signature"
    STATE = "state"
    SUBJECT = "subject"
    TOKEN = "token"  # noqa: S105 - the name of a fault
    UNCONFIRMED = "unconfirmed"
    UNREACHABLE = "unreachable"
    UNUSABLE = "unusable"


class ProviderRefusal(CasustafelError):  # noqa: N818 - named after the answer it gives
    """The answer of a provider signs nobody in; ``fault`` says why."""

    def __init__(self, fault: ProviderFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
