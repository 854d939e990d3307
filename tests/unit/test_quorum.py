"""Required roles: which kinds of partner fill them, and who counts as being there."""

import pytest

from app.domain import presets, quorum
from app.domain.kinds import (
    InvitationAnswer,
    OrganisationKind,
    PresenceState,
    RequiredRole,
    TableKind,
)
from app.domain.quorum import Expected

POLICE = frozenset({RequiredRole.POLICE})


@pytest.mark.parametrize(
    ("seat", "counts"),
    [
        (Expected(OrganisationKind.POLICE, is_held=True), True),
        (Expected(OrganisationKind.POLICE, True, InvitationAnswer.YES), True),
        (Expected(OrganisationKind.POLICE, True, InvitationAnswer.NO), False),
        (Expected(OrganisationKind.POLICE, is_held=False), False),
        (Expected(OrganisationKind.MENTAL_HEALTH, is_held=True), False),
        # On the day what was seen counts, whatever was answered before.
        (
            Expected(OrganisationKind.POLICE, True, InvitationAnswer.YES, PresenceState.ABSENT),
            False,
        ),
        (Expected(OrganisationKind.POLICE, True, presence=PresenceState.ABSENT_NOTICE), False),
        (Expected(OrganisationKind.POLICE, True, InvitationAnswer.NO, PresenceState.REMOTE), True),
        (Expected(OrganisationKind.POLICE, False, presence=PresenceState.PRESENT), True),
        (Expected(OrganisationKind.POLICE, False, presence=PresenceState.DEPUTY), True),
    ],
)
def test_a_role_is_missing_until_somebody_of_its_kind_is_expected_or_seen(seat, counts):
    assert quorum.missing(POLICE, [seat]) == (() if counts else (RequiredRole.POLICE,))


def test_missing_roles_keep_their_own_order_and_each_needs_a_kind_of_its_own():
    wanted = (RequiredRole.CARE, RequiredRole.POLICE, RequiredRole.VEILIG_THUIS)
    assert quorum.missing(wanted, []) == tuple(role for role in RequiredRole if role in wanted)
    care = [Expected(kind, is_held=True) for kind in quorum.FILLED_BY[RequiredRole.CARE]]
    assert quorum.missing(wanted, care) == (RequiredRole.VEILIG_THUIS, RequiredRole.POLICE)


def test_no_kind_of_partner_fills_two_roles_and_every_role_can_be_filled():
    kinds = [kind for one in RequiredRole for kind in quorum.FILLED_BY[one]]
    assert len(kinds) == len(set(kinds))
    assert all(quorum.FILLED_BY[one] for one in RequiredRole)


def test_every_kind_of_table_has_its_required_roles_as_data():
    assert presets.document_of(TableKind.MDA).required_roles == (
        RequiredRole.VEILIG_THUIS,
        RequiredRole.POLICE,
        RequiredRole.CARE,
    )
    for document in presets.SHIPPED.values():
        assert len(set(document.required_roles)) == len(document.required_roles)


def test_stored_roles_are_read_back_whatever_else_stands_there():
    assert quorum.parse("police,care") == {RequiredRole.POLICE, RequiredRole.CARE}
    assert quorum.parse("police,gone") == POLICE
    assert quorum.parse(None) == quorum.parse("") == frozenset()
