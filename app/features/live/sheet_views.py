"""Answers with the worksheet and the forms on it; reads nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template

from app.domain.capture import Candidate, keys_of, sign_of
from app.features.live.capture_forms import SIGNS, Kept, forms_at
from app.features.live.pages import Place, Worksheet
from app.web import labels, names


@dataclass(frozen=True, slots=True)
class Name:
    """A seat at the item, the word behind @ that means it, and what else it may be called."""

    place: Place
    sign: str
    keys: str


def answer(page: Worksheet, *, failed: Kept | None = None) -> tuple[str, int]:
    """The page, with the form that came back and 422 if one did."""
    body = render_template(
        "live/worksheet.html",
        page=page,
        forms=forms_at(page.item, failed),
        names=names_of(page.item.places if page.item else ()),
        signs=SIGNS,
        form=failed,
        labels=labels,
        strip=strip_of(page),
    )
    return body, 422 if failed else 200


def strip_of(page: Worksheet) -> dict[str, Any] | None:
    """The button that shows or screens names; there is none while nothing is on the table."""
    item = page.item
    if item is None or item.turn is None:
        return None
    return names.strip(item_id=item.item_id, turn=item.turn)


def names_of(places: tuple[Place, ...]) -> list[Name]:
    """Who may be named behind @ in the line."""
    seats = tuple(Candidate(one.seat_id, one.code, one.organisation, one.person) for one in places)
    keys = keys_of(seats)
    return [
        Name(place, sign_of(one, seats), " ".join(keys[one.seat_id]))
        for one, place in zip(seats, places, strict=True)
    ]
