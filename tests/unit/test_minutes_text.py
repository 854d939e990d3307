"""The canonical and the plain text of an extract: always the same bytes of the same words."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import minutes_plain, minutes_text
from app.domain.kinds import ActionState, DecisionKind
from app.domain.minutes_plain import Kept
from app.domain.minutes_text import (
    ActionLine,
    AdditionLine,
    AtTable,
    DecisionLine,
    ExtractHead,
    ItemPart,
    NoteLine,
    OralLine,
)

ID = uuid.UUID(int=9)
MOMENT = datetime(2026, 6, 15, 11, 0, tzinfo=UTC)
HEAD = ExtractHead(
    meeting_id=uuid.UUID(int=1),
    person_id=uuid.UUID(int=2),
    starts_at=MOMENT,
    version=2,
    made_at=MOMENT + timedelta(days=7),
)
ITEM = ItemPart(
    item_id=uuid.UUID(int=3),
    table="MDA++ Deltaland",
    reference="MDA-7K3QX",
    starts_at=MOMENT,
    adopted_at=MOMENT + timedelta(days=6),
    question="Wat is nodig?\nEn wie doet dat?",
    present=(AtTable("Politie", "A. Yilmaz"), AtTable("GGZ Delta", "T. Mulder")),
    oral=(OralLine(ID, "GGZ Delta"),),
    notes=(NoteLine(ID, 'Let op: "ziekte" & {0}'),),
    decisions=(
        DecisionLine(
            ID, DecisionKind.AGREEMENT, "Samen één plan", "Te vroeg", "Politie", "GGZ", "GGZ"
        ),
        DecisionLine(ID, DecisionKind.BY_MAYOR, "Huisverbod", "Nee"),
    ),
    actions=(
        ActionLine(ID, "Bel terug", "A. Yilmaz", date(2026, 12, 3), ActionState.OPEN),
        ActionLine(ID, "Plan delen", "", date(2026, 12, 4), ActionState.DONE),
    ),
    additions=(AdditionLine(ID, "Ook de school wordt gebeld.", MOMENT + timedelta(days=9)),),
)
LATER = replace(ITEM, item_id=uuid.UUID(int=4), starts_at=MOMENT + timedelta(hours=1))

# Whoever changes one of these takes from people that what they downloaded reads as unchanged.
SHA256 = "02ae701a31a78726c0cff294cc51cb3312440865f91c9550103b6d8a625f970b"
PLAIN_NL = """MDA++ Deltaland, 15-06-2026
Dit overzicht bevat alleen wat voor u bestemd is.

MDA-7K3QX
Vastgesteld op 21-06-2026.
Vraag aan het overleg: Wat is nodig?
En wie doet dat?
Aanwezig: Politie (A. Yilmaz); GGZ Delta (T. Mulder)
GGZ Delta heeft mondeling toegelicht, niet vastgelegd.
- Afspraak: Samen één plan
  Genomen door Politie
  Rust op de mondelinge toelichting van GGZ
  Afwijkend standpunt van GGZ: Te vroeg
- Besluit van de burgemeester: Huisverbod
  Afwijkend standpunt: Nee
- Actie: Bel terug (A. Yilmaz, uiterlijk 03-12-2026)
- Actie: Plan delen (uiterlijk 04-12-2026)
- Notitie: Let op: "ziekte" & {0}
- Aanvulling van 24-06-2026: Ook de school wordt gebeld.

Versie 2, vastgelegd op 22-06-2026
SHA-256: """


def canonical(*items: ItemPart) -> str:
    return minutes_text.canonical_of(HEAD, [minutes_text.part_of(one) for one in items])


def plain(language: str = "nl", *, sha256: str = SHA256, items=(ITEM,)) -> str:
    return minutes_plain.plain_text(
        items,
        table="MDA++ Deltaland",
        starts_at=MOMENT,
        kept=Kept(2, HEAD.made_at, sha256),
        language=language,
    )


def test_the_canonical_text_is_the_same_whatever_the_order_of_its_parts():
    assert canonical(ITEM, LATER) == canonical(LATER, ITEM)
    assert canonical(ITEM).startswith('{"format":1,"items":[{"actions":[{"due_on":"2026-12-03",')
    assert '"Wat is nodig?\\nEn wie doet dat?"' in canonical(ITEM)
    assert "één" in canonical(ITEM)


def test_its_sha_256_never_changes_with_the_product():
    assert minutes_text.sha256_of(canonical(ITEM, LATER)) == SHA256


def test_the_zone_of_a_moment_does_not_matter():
    elsewhere = replace(ITEM, starts_at=MOMENT.astimezone(timezone(timedelta(hours=2))))
    assert canonical(elsewhere) == canonical(ITEM)


@pytest.mark.parametrize(
    "other",
    [
        replace(ITEM, question="Wat is nodig"),
        replace(ITEM, notes=()),
        replace(ITEM, oral=(OralLine(ID, "GGZ"), OralLine(ID, "Delta"))),
        replace(ITEM, additions=()),
        replace(ITEM, adopted_at=None),
        replace(ITEM, decisions=ITEM.decisions[::-1]),
    ],
)
def test_every_other_word_or_order_gives_another_text(other):
    assert canonical(other) != canonical(ITEM)


@given(st.text(), st.text(), st.text())
def test_a_part_gives_its_item_back(question, note, who):
    item = replace(
        ITEM, question=question, notes=(NoteLine(ID, note),), present=(AtTable(who, note),)
    )
    assert minutes_text.item_of(minutes_text.part_of(item)) == item


def test_an_action_due_at_an_hour_says_so_and_the_others_read_as_before():
    due_at = datetime(2026, 12, 3, 13, 30, tzinfo=UTC)
    item = replace(ITEM, actions=(replace(ITEM.actions[0], due_at=due_at), *ITEM.actions[1:]))
    part = minutes_text.part_of(item)
    assert part.count("due_at") == 1
    assert minutes_text.item_of(part) == item
    said = list(minutes_plain._item(item, minutes_plain._WORDS["nl"], "nl"))
    assert any("03-12-2026, 14.30" in line for line in said)


def test_the_plain_text_never_changes_with_the_product():
    assert plain() == (PLAIN_NL + SHA256).replace("\n", "\r\n") + "\r\n"


def test_it_names_the_sha_256_on_its_last_line_only():
    assert minutes_plain.sha256_in(plain()) == SHA256
    assert minutes_plain.sha256_in(plain() + "\r\n\r\n") == SHA256
    assert minutes_plain.sha256_in(plain() + "Nog iets.\r\n") is None
    assert minutes_plain.sha256_in("") is None


def test_both_languages_have_the_same_words():
    words = minutes_plain._WORDS
    assert words["nl"].keys() == words["en"].keys()
    assert set(DecisionKind) <= words["nl"].keys()
    assert "Dissenting view of GGZ: Te vroeg" in plain("en")
    assert "by 3 Dec 2026" in plain("en")


def test_only_the_ends_of_lines_may_differ():
    assert minutes_plain.reads_the_same(plain(), "\ufeff" + plain().replace("\r\n", "\n"))
    assert not minutes_plain.reads_the_same(plain(), plain().replace("Huisverbod", "Huisverbot"))
    assert not minutes_plain.reads_the_same(plain(), plain() + "Nog iets.")
