"""What the sealed words of a referral are bound to; they stand under the key of its case's summary.

A draft has a key of its own, before there is a case.
"""

from __future__ import annotations

import uuid

from app.domain.kinds import RetentionClass
from app.infra import crypto
from app.infra.crypto import KeyScope, Sealed
from app.models import Referral, ReferralQuestion


def outcome_binding(referral_id: uuid.UUID) -> str:
    """What the outcome addressed to the referrer, or why it was withdrawn, is bound to."""
    return f"referral:{referral_id}:outcome"


def late_binding(referral_id: uuid.UUID) -> str:
    """What the reason it came after the deadline is bound to."""
    return f"referral:{referral_id}:late"


def asked_binding(question_id: uuid.UUID) -> str:
    """What a question back is bound to."""
    return f"referral_question:{question_id}:text"


def answer_binding(question_id: uuid.UUID) -> str:
    """What the answer to a question back is bound to."""
    return f"referral_question:{question_id}:answer"


def seal(case_id: uuid.UUID, text: str, belongs_to: str) -> bytes:
    """Seal words of a referral whose case is known."""
    return crypto.seal(
        KeyScope.of_case(case_id, RetentionClass.SUMMARY), text, belongs_to=belongs_to
    )


def sealed_outcome(referral: Referral) -> Sealed:
    """The outcome as it is stored."""
    return Sealed(referral.outcome_ct, outcome_binding(referral.id))


def sealed_late(referral: Referral) -> Sealed:
    """Why it came after the deadline, as it is stored."""
    return Sealed(referral.late_ct, late_binding(referral.id))


def sealed_question(question: ReferralQuestion) -> tuple[Sealed, Sealed]:
    """A question back and its answer, as they are stored."""
    return (
        Sealed(question.text_ct, asked_binding(question.id)),
        Sealed(question.answer_ct, answer_binding(question.id)),
    )
