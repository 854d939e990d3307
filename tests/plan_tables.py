"""Tables as their kind ships them, and the way of a case from a referral to what came of it."""

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from app.domain import presets
from app.domain.kind_document import ClockRule, Words, dump
from app.domain.kinds import ClockStart, ClockUnit, OrganisationKind, TableKind
from app.infra import clock
from app.models import (
    AgendaItem,
    Case,
    CaseTable,
    KindVersion,
    Meeting,
    Organisation,
    Person,
    Referral,
    SectionType,
)
from tests import builders, referring


@dataclass(frozen=True, slots=True)
class Region:
    """One table with staff of the municipality; Veilig Thuis refers, police and care take part."""

    table: CaseTable
    types: dict[str, SectionType]
    host: Organisation
    safety: Organisation
    police: Organisation
    care: Organisation
    chair: Person
    coordinator: Person
    referrer: Person
    officer: Person
    carer: Person
    meeting: Meeting


def table_of(kind: TableKind, **more) -> tuple[CaseTable, dict[str, SectionType]]:
    """A table with the sections its kind ships."""
    document = presets.document_of(kind)
    made = builders.table(
        **{"name": document.name.nl, "prefix": kind.value[:3].upper(), "kind": kind, **more}
    )
    types = {
        one.code: builders.section_type(
            made, one.code, one.label_nl, position, retention=one.retention,
            is_identity=one.is_identity, is_input=one.is_input, is_plan=one.is_plan,
        )
        for position, one in enumerate(document.sections, 1)
    }  # fmt: skip
    return made, types


def region(kind: TableKind, **more) -> Region:
    """The people of a table of this kind, and a meeting of it in an hour."""
    with builders.together():
        table, types = table_of(kind, **more)
        host, safety, police, care = (
            builders.organisation(code, of, name=name)
            for code, of, name in (
                ("GEM", OrganisationKind.MUNICIPALITY, "Gemeente Deltaland"),
                ("VT", OrganisationKind.VEILIG_THUIS, "Veilig Thuis"),
                ("POL", OrganisationKind.POLICE, "Politie"),
                ("GGZ", OrganisationKind.MENTAL_HEALTH, "GGZ Delta"),
            )
        )
        for one in (host, safety, police, care):
            builders.covenant(one, table)
        starts_at = clock.now() + timedelta(hours=1)
        return Region(
            table=table, types=types, host=host, safety=safety, police=police, care=care,
            chair=builders.chair(host, table, "V. Voorzitter"),
            coordinator=builders.coordinator(host, table, "N. de Wit"),
            referrer=builders.representative(safety, table, "A. Melder"),
            officer=builders.representative(police, table, "P. Agent"),
            carer=builders.representative(care, table, "T. Mulder"),
            meeting=builders.published(table, starts_at=starts_at),
        )  # fmt: skip


def discussed_within_weeks(kind: TableKind, by: Person) -> None:
    """An administrator has a clock run from acceptance until the first discussion."""
    words = Words("Eerste bespreking", "First discussion")
    within = ClockRule("first", words, ClockStart.ACCEPTANCE, 3, ClockUnit.WEEKS)
    shipped = presets.document_of(kind)
    document = dump(replace(shipped, clocks=(*shipped.clocks, within)))
    made = {"made_by_id": by.id, "made_at": clock.now(), "from_at": clock.now()}
    builders.save(KindVersion(kind_code=shipped.code, number=1, document=document, **made))


def case_of(path: str) -> Case:
    """The case a referral became."""
    (case,) = referring.rows(
        select(Case).join(Referral, Referral.case_id == Case.id).where(Referral.id == referring.id_of(path))
    )  # fmt: skip
    return case


def accepted(staff, path: str, **more) -> Case:
    """Staff take a referral up and accept it, on the agenda where a meeting is given."""
    referral = f"/triage/{referring.id_of(path)}"
    staff.page(referral)
    assert staff.send(f"{referral}/take-up").status_code == 303
    answer = staff.fill(f"{referral}/accept", {"message": "Wij bespreken dit.", **more})
    assert answer.status_code == 303, staff.last.text
    return case_of(path)


def item_of(case: Case) -> uuid.UUID:
    """Where the case stands on an agenda."""
    (item_id,) = referring.rows(select(AgendaItem.id).where(AgendaItem.case_id == case.id))
    return item_id


def discussed(
    staff, meeting: Meeting, case: Case, outcome: str, *, other=(), during=lambda: None
) -> None:
    """The meeting is held: each case is opened and finished with its outcome, then all is closed.

    ``during`` is done while the first case is being discussed.
    """
    assert staff.send(f"/meetings/{meeting.id}/start").status_code == 303
    for one, code in ((case, outcome), *dict(other).items()):
        item_id = item_of(one)
        assert staff.send(f"/items/{item_id}/open").status_code == 303
        if one is case:
            during()
        assert staff.send(f"/items/{item_id}/finish").status_code == 303
        answer = staff.fill(f"/items/{item_id}/finished", {"outcome": code})
        assert answer.status_code == 303, staff.last.text
    assert staff.send(f"/meetings/{meeting.id}/close").status_code == 303
