"""What a view of the board is called: by its filters, in the language of the reader."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from app.domain.board import Checked, Filters, Shown, Sort
from app.domain.kinds import ActionState
from app.web import formats, i18n, labels

BETWEEN = " · "


def name_of(filters: Filters, names: Mapping[uuid.UUID, str]) -> str:
    """One line; what its reader may no longer know the name of is called unknown."""
    return BETWEEN.join(_parts(filters, names)) or str(_("nog niet afgerond"))


def _parts(filters: Filters, names: Mapping[uuid.UUID, str]) -> Iterator[str]:
    yield from _stand(filters)
    unknown = str(_("onbekend"))
    for one in (filters.organisation_id, filters.person_id, filters.table_id):
        if one is not None:
            yield names.get(one, unknown)
    if filters.without_holder:
        yield str(_("nog niemand aangewezen"))
    if filters.household_of is not None:
        reference = names.get(filters.household_of, unknown)
        yield str(_("gezin van %(reference)s", reference=reference))
    if filters.case_id is not None:
        yield str(_("casus %(reference)s", reference=names.get(filters.case_id, unknown)))
    yield from _days(filters)
    if (filters.sort, filters.descending) != (Sort.DUE, False):
        yield str(_("anders gesorteerd"))


def _stand(filters: Filters) -> Iterator[str]:
    if filters.only_overdue:
        yield str(_("te laat"))
    if filters.checked is not None:
        yield str(_("te bevestigen") if filters.checked is Checked.WAITS else _("bevestigd"))
    elif isinstance(filters.state, ActionState):
        yield labels.words(labels.ACTION_STATE, filters.state)
    elif filters.state is Shown.ALL:
        yield str(_("alle standen"))
    if filters.only_asked:
        yield str(_("vraagt meer tijd"))


def _days(filters: Filters) -> Iterator[str]:
    language = i18n.language()
    if filters.due_from is not None:
        yield str(_("vanaf %(day)s", day=formats.date_short(filters.due_from, language)))
    if filters.due_until is not None:
        yield str(_("tot en met %(day)s", day=formats.date_short(filters.due_until, language)))
