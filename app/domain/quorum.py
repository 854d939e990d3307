"""Which roles have to be at the table when a case is discussed, and which of them are missing.

Pure rules over kinds of organisation; it must never know which organisation or person it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.kinds import (
    AT_TABLE,
    InvitationAnswer,
    OrganisationKind,
    PresenceState,
    RequiredRole,
)

FILLED_BY: Final[Mapping[RequiredRole, frozenset[OrganisationKind]]] = {
    RequiredRole.VEILIG_THUIS: frozenset({OrganisationKind.VEILIG_THUIS}),
    RequiredRole.POLICE: frozenset({OrganisationKind.POLICE}),
    RequiredRole.PROSECUTION: frozenset({OrganisationKind.PROSECUTION}),
    RequiredRole.CHILD_PROTECTION: frozenset({OrganisationKind.CHILD_PROTECTION}),
    RequiredRole.PROBATION: frozenset({OrganisationKind.PROBATION}),
    RequiredRole.YOUTH_PROTECTION: frozenset({OrganisationKind.YOUTH_PROTECTION}),
    RequiredRole.MUNICIPALITY: frozenset({OrganisationKind.MUNICIPALITY}),
    RequiredRole.CARE: frozenset(
        {
            OrganisationKind.LOCAL_TEAM,
            OrganisationKind.MENTAL_HEALTH,
            OrganisationKind.ADDICTION_CARE,
            OrganisationKind.SEXUAL_VIOLENCE_CENTRE,
            OrganisationKind.VICTIM_SUPPORT,
            OrganisationKind.SHELTER,
            OrganisationKind.EDUCATION_HEALTH,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What counts of one seat: whose it is, what its occupant answered, who was seen on it."""

    kind: OrganisationKind
    is_held: bool
    answer: InvitationAnswer = InvitationAnswer.OPEN
    presence: PresenceState | None = None

    @property
    def counts(self) -> bool:
        """Somebody is there, or, until roll call has said so, somebody is still expected."""
        if self.presence is not None:
            return self.presence in AT_TABLE
        return self.is_held and self.answer is not InvitationAnswer.NO


def missing(
    required: Collection[RequiredRole], seats: Iterable[Expected]
) -> tuple[RequiredRole, ...]:
    """The required roles nobody comes for, in the order in which roles are always named."""
    there = {seat.kind for seat in seats if seat.counts}
    return tuple(role for role in RequiredRole if role in required and not FILLED_BY[role] & there)


def parse(stored: str | None) -> frozenset[RequiredRole]:
    """Roles as one column with commas gives them; a role nobody knows any more asks nothing."""
    known = {role.value for role in RequiredRole}
    return frozenset(RequiredRole(one) for one in (stored or "").split(",") if one in known)
