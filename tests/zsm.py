"""A ZSM table at work: its coordinator, its prosecutor, and the addresses of its day list."""

from dataclasses import dataclass

from app.domain.kinds import DecisionKind, OrganisationKind, TableKind
from app.infra import clock
from app.models import AgendaItem, CaseTable, ItemOutcome, Organisation, Person
from tests import builders

ADVICE = "Een gedragsaanwijzing past bij de veiligheid van nu."


@dataclass(frozen=True, slots=True)
class ZsmWorld:
    """One table with a coordinator; police and prosecution take part, ``stranger`` serves another."""

    table: CaseTable
    police: Organisation
    prosecution: Organisation
    safety: Organisation
    coordinator: Person
    prosecutor: Person
    stranger: Person

    @property
    def today(self) -> str:
        return f"/zsm/{self.table.id}/{clock.today().isoformat()}"


def zsm_world() -> ZsmWorld:
    with builders.together():
        table = builders.table("ZSM Deltaland", "ZSM", kind=TableKind.ZSM, minutes_per_item=10)
        other = builders.table("ZSM Elders", "ZSE", kind=TableKind.ZSM)
        police = builders.organisation("POL", OrganisationKind.POLICE, name="Politie")
        prosecution = builders.organisation(
            "OM", OrganisationKind.PROSECUTION, name="Openbaar Ministerie"
        )
        safety = builders.organisation("VT", OrganisationKind.VEILIG_THUIS, name="Veilig Thuis")
        for one in (police, prosecution, safety):
            builders.covenant(one, table)
        return ZsmWorld(
            table=table, police=police, prosecution=prosecution, safety=safety,
            coordinator=builders.coordinator(safety, table, "N. de Wit"),
            prosecutor=builders.representative(prosecution, table, "O. Justitie"),
            stranger=builders.chair(safety, other, "S. Vreemd"),
        )  # fmt: skip


def add_list(table: CaseTable, brought_by: Organisation, staff: Person) -> AgendaItem:
    """A meeting of today that has begun with three lines; gives the one with an advice."""
    meeting = builders.meeting(
        table, starts_at=clock.now(), started_at=clock.now(), published_at=clock.now()
    )
    before = None
    for number in range(3):
        case = builders.case(table, brought_by, imported_number=f"10-00{number}-26")
        before = builders.item(meeting, case, after=before, minutes=10)
    builders.decision(before, staff, ADVICE, kind=DecisionKind.ADVICE)
    builders.save(
        ItemOutcome(
            item_id=before.id, case_id=before.case_id, table_id=table.id, code="advice-given",
            recorded_by_id=staff.id, recorded_at=clock.now(),
        )
    )  # fmt: skip
    return before
