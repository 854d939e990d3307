"""The check pages before several actions are changed at once: what was ticked, and for what."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, TextAreaField

from app.access.records.actions import Holder
from app.domain.errors import Reason, Refusal
from app.features.actions.board_forms import id_in
from app.features.actions.board_rows import BoardRow
from app.features.actions.forms import MOST_REMARK, holder_value
from app.features.actions.reminding import CheckRow
from app.web.forms import BaseForm, DateField, at_most, needed

BETWEEN = "."


class ManyForm(BaseForm):
    """The actions ticked, each with the version on screen: ``id.version``.

    What was changed or done meanwhile is no fault of who ticked it: it is skipped, not refused.
    """

    chosen = SelectMultipleField(_l("Acties"), validate_choice=False)

    def offer(self, rows: Sequence[BoardRow]) -> None:
        """The actions that may be ticked."""
        self.chosen.choices = [(value_of(row), row.safe) for row in rows]

    @property
    def versions(self) -> dict[uuid.UUID, int]:
        """What was ticked; anything odd among it names nothing."""
        found: dict[uuid.UUID, int] = {}
        for text in self.chosen.data or []:
            one, _, version = text.partition(BETWEEN)
            action_id = id_in(one)
            if action_id is not None and version.isascii() and version.isdigit():
                found[action_id] = int(version)
        return found


class TermsForm(ManyForm):
    """Another day for each."""

    due_on = DateField(_l("Nieuwe termijn"), validators=[needed(_l("Vul de datum in."))])
    remark = TextAreaField(_l("Toelichting"), validators=[at_most(MOST_REMARK)])


class HoldersForm(ManyForm):
    """Another holder for each."""

    holder = SelectField(_l("Nieuwe actiehouder"), validators=[needed(_l("Kies een actiehouder."))])

    def offer_holders(self, holders: Iterable[Holder]) -> None:
        """Everybody who may hold one of the actions, by organisation."""
        groups: dict[str, dict[str, Any]] = defaultdict(dict)
        for one in holders:
            group = groups[one.organisation]
            group[holder_value(one.organisation_id, None)] = _l("nog niemand aangewezen")
            group[holder_value(one.organisation_id, one.person_id)] = one.name
        self.holder.choices = {"": [("", _l("maak een keuze"))]} | {
            organisation: list(group.items()) for organisation, group in sorted(groups.items())
        }

    def to_holder(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        """The organisation and the person chosen; Refusal for none."""
        organisation, _, person = (self.holder.data or "").partition("/")
        organisation_id = id_in(organisation)
        if organisation_id is None:
            raise Refusal(Reason.VALUE_MISSING, "holder")
        return organisation_id, id_in(person)


class RemindForm(BaseForm):
    """Whom to remind; those reminded within 48 hours only when ticked."""

    chosen = SelectMultipleField(_l("Herinneren aan"), validate_choice=False)
    again = SelectMultipleField(_l("Minder dan 48 uur geleden al herinnerd"), validate_choice=False)

    def offer(self, rows: tuple[CheckRow, ...]) -> None:
        """Split what may be sent from what was sent a short while ago."""
        reachable = [row for row in rows if row.recipients]
        self.chosen.choices = [
            (str(row.action.id), row.action.safe) for row in reachable if not row.recent
        ]
        self.again.choices = [
            (str(row.action.id), row.action.safe) for row in reachable if row.recent
        ]

    def left(self) -> set[uuid.UUID]:
        """What was offered as reminded a short while ago, and not ticked."""
        offered = ids_of(value for value, *_ in self.again.iter_choices())
        return offered - ids_of(self.again.data or [])


def value_of(row: BoardRow) -> str:
    """An action as it stands on a check page."""
    return f"{row.id}{BETWEEN}{row.version}"


def ids_of(given: Iterable[str]) -> set[uuid.UUID]:
    """The ids among what was given; anything else names nothing."""
    return {one for one in map(id_in, given) if one is not None}
