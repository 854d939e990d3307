"""Gathers the words of cases that may not leave the house; read sealed, opened after the statement.

It decides about nobody: whoever asks has settled which cases may be looked at, and notes it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.disclosure import question_binding, section_binding
from app.domain.leaks import CaseWords, words_of
from app.infra import crypto
from app.infra.crypto import Sealed, TextDestroyedError
from app.models import Case, CaseTable, Organisation, PersonConcerned, Section, SectionType


@dataclass(frozen=True, slots=True)
class _Sealed:
    """One text of a case; ``names``: it is one of those that say who people are."""

    case_id: uuid.UUID
    text: Sealed
    names: bool = False


@dataclass(frozen=True, slots=True)
class CaseTexts:
    """Everything to compare with, still sealed, and what everybody at the tables knows."""

    texts: tuple[_Sealed, ...]
    codes: Mapping[uuid.UUID, tuple[str, ...]]
    known: tuple[str, ...]


def read_texts(session: Session, cases: Select[Case]) -> CaseTexts:
    """The texts of these cases in five statements, however many there are."""
    found = session.scalars(cases).all()
    ids = [case.id for case in found]
    identities = session.execute(
        select(Section.case_id, Section.id, Section.text_ct)
        .join(SectionType, SectionType.id == Section.section_type_id)
        .where(Section.case_id.in_(ids), SectionType.is_identity.is_(True))
    )
    labels = session.execute(
        select(PersonConcerned.case_id, PersonConcerned.id, PersonConcerned.label_ct).where(
            PersonConcerned.case_id.in_(ids)
        )
    )
    texts = [
        _Sealed(of, Sealed(text, section_binding(key)), names=True) for of, key, text in identities
    ]
    texts += [
        _Sealed(of, Sealed(text, f"person_concerned:{key}:label")) for of, key, text in labels
    ]
    texts += [
        _Sealed(case.id, Sealed(case.question_ct, question_binding(case.id))) for case in found
    ]
    codes = {case.id: (case.reference, case.imported_number or "") for case in found}
    return CaseTexts(tuple(texts), codes, _known(session, found))


def _known(session: Session, cases: Sequence[Case]) -> tuple[str, ...]:
    """Names that stand on every door: organisations, the tables and where they usually meet."""
    tables = session.execute(
        select(CaseTable.name, CaseTable.place).where(
            CaseTable.id.in_({case.table_id for case in cases})
        )
    ).all()
    names = session.scalars(select(Organisation.name)).all()
    return (*names, *(text for table in tables for text in table if text))


def open_texts(texts: CaseTexts) -> dict[uuid.UUID, CaseWords]:
    """What may not be said, by case. Outside the transaction: opening takes time."""
    plain: dict[tuple[uuid.UUID, bool], list[str]] = defaultdict(list)
    for one, text in zip(texts.texts, _unsealed([one.text for one in texts.texts]), strict=True):
        plain[one.case_id, one.names].append(text)
    return {
        case_id: words_of(
            identities=plain[case_id, True],
            texts=plain[case_id, False],
            codes=codes,
            known=texts.known,
        )
        for case_id, codes in texts.codes.items()
    }


def _unsealed(sealed: Sequence[Sealed]) -> list[str]:
    """A text whose key was destroyed is known to nobody any more and cannot leak."""
    try:
        return crypto.unseal_many(sealed)
    except TextDestroyedError:
        return [_still_there(one) for one in sealed]


def _still_there(sealed: Sealed) -> str:
    try:
        return crypto.unseal(sealed)
    except TextDestroyedError:
        return ""
