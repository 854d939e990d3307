"""The file of a set-up is read back whole, and refused where something does not fit."""

import json

import pytest

from app.domain.configuration import (
    Configuration,
    OrganisationSetUp,
    RoomSetUp,
    TableSetUp,
    dump,
    parse,
)
from app.domain.kind_document import DisclosurePreset, SectionPreset
from app.domain.kinds import OrganisationKind, RequiredRole

TABLE = TableSetUp(
    name="Een tafel", kind="mda", prefix="MDA", host="VT", place="", minutes_per_item=30,
    opens_working_days=5, closes_working_days=5, correction_working_days=0,
    has_standing_reservation=False, has_standing_seats=True, children_first=False,
    sections_open_with_item=False, calendar_words="", confidentiality_nl="Zwijgen.",
    confidentiality_en="Silence.", required_roles=(RequiredRole.POLICE,),
    sections=(SectionPreset("reason", "Aanleiding", "Reason"),),
    disclosures=(DisclosurePreset(OrganisationKind.POLICE, "reason", "a", "b", "c"),),
    standing_partners=("VT",), closures=(), terms=(), follow_up=None,
)  # fmt: skip
WHOLE = Configuration(
    organisations=(OrganisationSetUp("VT", "Veilig Thuis", OrganisationKind.VEILIG_THUIS),),
    rooms=(RoomSetUp("Zaal 1"),),
    kinds=(),
    tables=(TABLE,),
)


def changed(path: str, value: object) -> str:
    tree = json.loads(dump(WHOLE))
    *way, last = path.split(".")
    at = tree
    for step in way:
        at = at[int(step)] if step.isdigit() else at[step]
    if isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return json.dumps(tree)


def test_it_is_read_back_as_it_was():
    assert parse(dump(WHOLE)) == WHOLE
    assert len(dump(WHOLE).splitlines()) > 30, "one value a line"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("format", 2, "format 2"),
        ("people", [], "knows no people"),
        ("tables.0.minutes_per_item", "dertig", "no int"),
        ("tables.0.host", "OM", "names no organisation OM"),
        ("tables.0.standing_partners.0", "OM", "names no organisation OM"),
        ("tables.0.disclosures.0.section_code", "safety", "discloses no section safety"),
        ("tables.0.required_roles.0", "baker", "baker"),
        ("tables.0.sections", [{"code": "a"}], "incomplete"),
        ("rooms", [{"name": "Zaal 1"}, {"name": "Zaal 1"}], "twice"),
        ("organisations", None, "no list"),
    ],
)
def test_what_does_not_fit_is_named(path, value, said):
    with pytest.raises(ValueError, match=said):
        parse(changed(path, value))


def test_what_is_no_set_up_at_all_is_refused():
    for text in ("", "[]", "{", '"x"', "{}"):
        with pytest.raises(ValueError):
            parse(text)
