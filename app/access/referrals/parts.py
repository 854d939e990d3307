"""The rows a sent referral is made into beside its case: people, sections, criteria, partners.

Names go into identity sections and nowhere else; every text is sealed under the key of its class.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.access.actor import Actor
from app.access.disclosure import question_binding, section_binding
from app.access.referrals.marks import new_mark
from app.domain.errors import Reason, Refusal
from app.domain.kinds import RetentionClass
from app.domain.presets import TRIED
from app.domain.referral_drafts import Draft, Member
from app.infra import clock, crypto
from app.infra.crypto import KeyScope, Unsealed
from app.models import (
    Case,
    Informing,
    PersonConcerned,
    ReferralCriterion,
    ReferralPartner,
    Section,
    SectionType,
)

CAUSE: Final = "cause"


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent: the bare case, its referral, the words, and the scheme and criteria it met.

    ``partner_ids`` take part in its table: a wish for anybody else was of another table.
    """

    case: Case
    referral_id: uuid.UUID
    draft: Draft
    types: Sequence[SectionType]
    criteria: Sequence[str]
    partner_ids: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that still has to be sealed into a column of a row."""

    row: Any
    column: str
    text: str
    retention: RetentionClass
    belongs_to: str


def made_of(actor: Actor, sent: Sent) -> list[Any]:
    """Every row of a new case, sealed, and the question into the case itself.

    NO_IDENTITY_SECTION where the scheme has no place for names. Two statements on the key store.
    """
    case = sent.case
    texts = list(_texts(actor, sent))
    sealed = crypto.seal_many(
        [
            Unsealed(KeyScope.of_case(case.id, one.retention), one.text, one.belongs_to)
            for one in texts
        ]
    )
    for one, ciphertext in zip(texts, sealed, strict=True):
        setattr(one.row, one.column, ciphertext)
    rows = list(dict.fromkeys(one.row for one in texts if one.row is not case))
    return [*rows, *_marks(rows, sent), *_plain_rows(sent)]


def _texts(actor: Actor, sent: Sent) -> Iterator[_Text]:
    case, draft, summary = sent.case, sent.draft, RetentionClass.SUMMARY
    yield _Text(case, "question_ct", draft.matter.question, summary, question_binding(case.id))
    for code, text in ((CAUSE, draft.matter.cause), (TRIED, draft.matter.tried)):
        if text:
            yield _section(actor, sent, _fitting(sent.types, code), text)
    for position, member in enumerate(draft.household.members, 1):
        person = PersonConcerned(
            id=uuid.uuid4(), case_id=case.id, position=position, role=member.role
        )
        binding = f"person_concerned:{person.id}:label"
        yield _Text(person, "label_ct", member.label, summary, binding)
        if member.name or member.born:
            kind = _identity(sent.types)
            yield _section(actor, sent, kind, _identity_text(member), about=person.id)
    yield _informing(actor, case, draft)


def _informing(actor: Actor, case: Case, draft: Draft) -> _Text:
    family = draft.household
    row = Informing(
        id=uuid.uuid4(),
        case_id=case.id,
        informed_on=date.fromisoformat(family.informed_on) if family.informed_on else None,
        organisation_id=actor.organisation_id,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    binding = f"informing:{row.id}:reason"
    return _Text(row, "reason_ct", family.reason, RetentionClass.SUMMARY, binding)


def _section(
    actor: Actor,
    sent: Sent,
    kind: SectionType,
    text: str,
    *,
    about: uuid.UUID | None = None,
) -> _Text:
    row = Section(
        id=uuid.uuid4(),
        case_id=sent.case.id,
        section_type_id=kind.id,
        source_organisation_id=actor.organisation_id,
        person_concerned_id=about,
        regime=sent.draft.matter.regime,
        updated_at=clock.now(),
        updated_by_id=actor.person_id,
    )
    return _Text(row, "text_ct", text, kind.retention, section_binding(row.id))


def _fitting(types: Sequence[SectionType], code: str) -> SectionType:
    """The heading of that code; where a table has none, the first that is for a summary."""
    plain = [one for one in types if not (one.is_identity or one.is_plan or one.is_input)]
    found = next((one for one in plain if one.code == code), plain[0] if plain else None)
    if found is None:
        raise Refusal(Reason.TABLE_TAKES_NONE)
    return found


def _identity(types: Sequence[SectionType]) -> SectionType:
    found = next((one for one in types if one.is_identity), None)
    if found is None:
        raise Refusal(Reason.NO_IDENTITY_SECTION)
    return found


def _identity_text(member: Member) -> str:
    """Name and birth date on a line each, as staff type them."""
    born = member.birth_date
    lines = (member.name, f"{born:%d-%m-%Y}" if born else "")
    return "\n".join(one for one in lines if one)


def _marks(rows: Sequence[Any], sent: Sent) -> Iterator[Any]:
    people = [one for one in rows if isinstance(one, PersonConcerned)]
    for person, member in zip(people, sent.draft.household.members, strict=True):
        mark = new_mark(sent.case.id, person.id, name=member.name, born=member.birth_date)
        if mark is not None:
            yield mark


def _plain_rows(sent: Sent) -> Iterator[Any]:
    referral_id = sent.referral_id
    for code in sent.criteria:
        met = code in sent.draft.met.codes
        yield ReferralCriterion(referral_id=referral_id, code=code, is_met=met)
    wanted = {uuid.UUID(one) for one in sent.draft.household.partners}
    for partner_id in sorted(wanted & sent.partner_ids):
        yield ReferralPartner(referral_id=referral_id, organisation_id=partner_id)
