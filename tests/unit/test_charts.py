"""A chart tells the same with lengths, with words and with its table, and nothing that is small."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel

from app.domain import charts
from app.domain.charts import Amount, Plan

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = ("Organisatie", "Aantal")
LONG = "Kinderbeschermingsmaatregelbeoordelingscommissie en Veiligheidshuis"
AMOUNTS = (
    Amount("Politie", "40", 40),
    Amount("Reclassering <b>Oost</b> & co", "10", 10),
    Amount("Veilig Thuis", "< 5", None),
    Amount("Gemeente", "0", 0),
)


def size(length: str) -> float:
    return float(length.removesuffix("%").removesuffix("em"))


def rendered(*made: charts.Chart) -> ET.Element:
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    Babel(app)
    source = (
        '{% from "components/charts.html" import chart %}'
        "<main>{% for one in made %}{{ chart(one) }}{% endfor %}</main>"
    )
    with app.test_request_context():
        page = render_template_string(source, made=made)
    return ET.fromstring(page)


def test_bars_are_as_long_as_their_numbers_and_leave_room_for_the_words():
    made = charts.bars(Plan("a", "Aanwezig", HEADINGS), AMOUNTS)
    forty, ten, untold, none = made.rects
    assert size(forty.width) == pytest.approx(4 * size(ten.width))
    assert size(none.width) == 0
    assert size(forty.width) <= 95
    # What is not told has no length of its own and no filling.
    assert untold.pattern is None
    assert untold.width == f"{charts.UNTOLD:g}%"
    assert made.table.rows[2] == ("Veilig Thuis", "< 5")
    # Nothing lies over anything else: every bar ends before the next label begins.
    for above, below in pairwise(made.rects):
        assert size(above.y) + size(above.height) < size(below.y) - charts.LINE
    last = made.rects[-1]
    assert size(last.y) + size(last.height) < size(made.height)
    fixed = charts.bars(Plan("a", "Aanwezig", HEADINGS, full=80), AMOUNTS[:1]).rects[0]
    assert size(fixed.width) == pytest.approx(size(forty.width) / 2, rel=0.1)


def test_long_words_take_more_lines_and_none_is_lost():
    made = charts.bars(Plan("a", "Aanwezig", HEADINGS), [Amount(LONG, "12", 12)])
    lines = [one.words for one in made.texts if not one.is_number]
    assert len(lines) > 1
    assert all(len(line) <= charts.SIGNS for line in lines)
    assert "".join(lines).replace(" ", "") == LONG.replace(" ", "")
    assert size(made.rects[0].y) >= len(lines) * charts.LINE


def test_two_measurements_stand_under_one_label_with_fills_of_their_own():
    pair = (Amount("", "12 dagen", 12), Amount("", "–", None))
    groups = [("Gemiddeld", pair), ("Langste", (Amount("", "30 dagen", 30), Amount("", "9", 9)))]
    plan = Plan("b", "Doorlooptijd", ("Maat", "Nulmeting", "Tweede meting"))
    made = charts.grouped(plan, ("Nulmeting", "Tweede meting"), groups)
    assert [one.pattern for one in made.rects] == [0, 1, 0, None, 0, 1]
    assert made.desc.startswith("Gemiddeld: Nulmeting 12 dagen, Tweede meting –;")
    assert made.table.rows[0] == ("Gemiddeld", "12 dagen", "–")
    with pytest.raises(ValueError, match="shorter"):
        charts.grouped(plan, ("Nulmeting", "Tweede meting"), [("Kort", pair[:1])])


def test_columns_stand_on_one_line():
    over = [Amount(f"K{number}\n2026", str(number * 10), number * 10) for number in range(1, 5)]
    stood = charts.columns(Plan("d", "Per kwartaal", HEADINGS), [*over, Amount("K5", "–", None)])
    feet = {round(size(one.y) + size(one.height), 2) for one in stood.rects}
    assert feet == {size(stood.ground)}
    heights = [size(one.height) for one in stood.rects[:4]]
    assert heights == sorted(heights)
    assert stood.table.rows[0] == ("K1 2026", "10")


def test_a_page_of_charts_can_be_read_without_seeing_it():
    plans = [Plan(name, f"Titel {name} <i>", HEADINGS) for name in ("een", "twee")]
    page = rendered(*(charts.bars(plan, AMOUNTS) for plan in plans))
    named = {one.get("id"): one for one in page.iter() if one.get("id")}
    assert len(named) == sum(bool(one.get("id")) for one in page.iter())
    for drawn in page.iter("svg"):
        assert drawn.get("role") == "img"
        title, desc = (named[one] for one in drawn.get("aria-labelledby").split())
        assert (title.tag, desc.tag) == ("title", "desc")
        for told in ("Politie: 40", "<b>Oost</b> & co: 10", "Veilig Thuis: < 5"):
            assert told in desc.text
        filled = re.findall(r"url\(#([^)]+)\)", ET.tostring(drawn, "unicode"))
        assert len(filled) == 3
        assert set(filled) <= named.keys()
        # The number behind every bar, as words.
        told = [one.text for one in drawn.findall("text[@class='told']")]
        assert told == ["40", "10", "< 5", "0"]
    rows = page.findall(".//table/tbody/tr")[: len(AMOUNTS)]
    assert [row.find("th").text for row in rows] == [one.label for one in AMOUNTS]
    assert [row.find("td").text for row in rows] == [one.told for one in AMOUNTS]
    with pytest.raises(ValueError, match="a b"):
        Plan("a b", "Geen naam", HEADINGS)
