"""Every list of the administration costs at most eight statements, and no page grows with the region.

Measured in the world of the pictures, and again with six hundred people and sixty organisations.
"""

import pytest

from app.domain.kinds import AccountState, AnnouncementKind, TableRoleName
from app.infra import clock
from app.models import Announcement, ClosurePeriod, IdentityProvider, Room
from tests import builders, scenes
from tests.crawler import quiet
from tests.looks import VISITS
from tests.statements import counted

ORGANISATIONS, PEOPLE_EACH, TABLES, ROOMS = 60, 10, 12, 40
AT_MOST = 8
# The office, and who confirms and oversees: what these read is about accounts and settings.
OFFICE = {"officer": ("/changes", "/oversight/confirmed-people")}


def pages(moment: str) -> list[tuple[str, str, object]]:
    """Who fetches which page of the administration, once each."""
    found = {}
    for visit in VISITS:
        for look in visit.pages:
            of_office = look.address in OFFICE.get(visit.who, ())
            theirs = visit.at == moment and (visit.who == "administrator" or of_office)
            if theirs and look.status == 200 and look.fill is None:
                found[visit.who, look.address] = look
    return [(who, address, look) for (who, address), look in found.items()]


def fill(scene) -> None:
    """The region as large as the issue of it says; a tenth of the people is invited or blocked."""
    with builders.together():
        tables = [builders.table(f"Overleg {n}", f"T{n}") for n in range(TABLES)]
        for number in range(ORGANISATIONS):
            of = builders.organisation(f"O{number}", name=f"Organisatie {number}")
            builders.save(
                IdentityProvider(
                    organisation_id=of.id, name=of.name, issuer=f"https://in{number}.example",
                    client_id="casustafel", made_at=clock.now(),
                )
            )  # fmt: skip
            for at in tables:
                builders.covenant(of, at)
            for one in range(PEOPLE_EACH):
                state = AccountState.INVITED if one == 0 else AccountState.ACTIVE
                who = builders.person(of, f"P. Persoon {number}-{one}", state=state)
                at = tables[(number + one) % TABLES]
                builders.role(who, at, TableRoleName.REPRESENTATIVE)
                builders.save(
                    Announcement(
                        table_id=at.id, kind=AnnouncementKind.ROLE_GIVEN, subject_id=who.id,
                        role=TableRoleName.REPRESENTATIVE, made_at=clock.now(),
                        made_by_id=scene.people["administrator"],
                    )
                )  # fmt: skip
        for number in range(ROOMS):
            builders.save(Room(name=f"Kamer {number}"))
            builders.save(
                ClosurePeriod(
                    table_id=tables[number % TABLES].id, name=f"Dicht {number}",
                    first_on=clock.today(), last_on=clock.today(),
                )
            )  # fmt: skip


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)], indirect=True
)
@pytest.mark.parametrize("moment", ["open", "draft"])
def test_no_page_of_the_office_costs_more_in_a_large_region(
    app, frozen_clock, new_client, mails, moment
) -> None:
    scene = scenes.build(moment, mails)
    visitors = {
        who: quiet(new_client()).sign_in(scene.people[who]) for who in ("administrator", "officer")
    }
    asked = pages(moment)
    costs: list[dict] = []
    for who, _, look in asked:
        visitors[who].get(look.path(scene.things))
    for filled in (False, True):
        if filled:
            fill(scene)
        cost = {}
        for who, address, look in asked:
            with counted() as sent:
                status = visitors[who].get(look.path(scene.things)).status_code
            assert status in {200, 303}, address
            cost[who, address] = len(sent)
        costs.append(cost)
    small, large = costs
    assert len(small) > 5
    lists = {one: many for one, many in large.items() if "{" not in one[1]}
    assert len(lists) > 2
    assert {one: many for one, many in lists.items() if many > AT_MOST} == {}
    assert {one: (small[one], many) for one, many in large.items() if many > small[one]} == {}
