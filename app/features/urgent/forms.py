"""The form for an urgent meeting: seven questions, and nothing that can wait."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, Regexp

from app.domain.kinds import CallOutcome
from app.domain.urgent import StartsIn, UrgentKind
from app.features.urgent.calls import NewTry
from app.features.urgent.contacts import ContactPage, NewContact
from app.features.urgent.queries import UrgentPage
from app.features.urgent.service import NewUrgent
from app.web.forms import BaseForm, TimeField, at_most, needed

QUESTION_LIMIT = 2_000
KIND_WORDS = {
    UrgentKind.ZSM: _l("ZSM"),
    UrgentKind.ACTION: _l("actie-overleg"),
    UrgentKind.ACUTE: _l("acuut overleg"),
}
STARTS = [
    SelectChoice(StartsIn.NOW, _l("Nu")),
    SelectChoice(StartsIn.QUARTER, _l("Over 15 minuten")),
    SelectChoice(StartsIn.HALF, _l("Over 30 minuten")),
    SelectChoice(StartsIn.CLOCK, _l("Op een tijdstip")),
]


class UrgentForm(BaseForm):
    """Case, time, partners and place; table and sort stand in the address."""

    case = StringField(_l("Casusnummer"), [Optional(), at_most(40)])
    organisation = SelectField(_l("Bij een nieuwe casus: wie brengt in?"), [Optional()])
    question = TextAreaField(_l("Vraag aan het overleg"), [Optional(), at_most(QUESTION_LIMIT)])
    starts = RadioField(_l("Begin"), choices=STARTS, default=StartsIn.NOW.value)
    at = TimeField(_l("Tijdstip"), [Optional()])
    partners = SelectMultipleField(
        _l("Wie zit aan tafel?"), [needed(_l("Kies minstens één organisatie."))]
    )
    place = StringField(_l("Plaats of link"), [Optional(), at_most(400)])
    shown = HiddenField()

    def offer(self, page: UrgentPage) -> None:
        """Give the choices; who stands in is ticked until something else is sent."""
        self.organisation.choices = [
            SelectChoice("", _l("Kies …")),
            *(SelectChoice(str(key), name) for key, name in page.sources),
        ]
        self.partners.choices = [SelectChoice(str(one.id), one.name) for one in page.partners]
        if not self.is_submitted():
            if not self.partners.raw_data:
                self.partners.data = [str(one.id) for one in page.partners if one.stands_in]
            self.shown.data = ",".join(sorted(str(one) for one in page.shown))

    def to_urgent(self, page: UrgentPage) -> NewUrgent:
        """What was typed; call after validation."""
        return NewUrgent(
            table_id=page.chosen.table_id,
            kind=page.chosen.kind,
            reference=(self.case.data or "").strip(),
            organisation_id=uuid.UUID(self.organisation.data) if self.organisation.data else None,
            question=self.question.data or "",
            channel="telefoon",
            starts=StartsIn(self.starts.data),
            at=self.at.parsed,
            partner_ids=tuple(uuid.UUID(one) for one in self.partners.data or ()),
            place=(self.place.data or "").strip(),
            shown=frozenset(_ids(self.shown.data or "")),
            fact_id=page.fact_id,
        )


# What the buttons of the call sheet say, and what comes of a try.
PRESSED = {
    "called": (CallOutcome.CALLED, None),
    "coming": (CallOutcome.COMING, None),
    "no-answer": (CallOutcome.NO_ANSWER, None),
    "alone": (CallOutcome.BY_TELEPHONE, True),
    "not-alone": (CallOutcome.BY_TELEPHONE, False),
}
OUTCOME_WORDS = {
    CallOutcome.CALLED: _l("gebeld"),
    CallOutcome.COMING: _l("komt"),
    CallOutcome.NO_ANSWER: _l("geen gehoor"),
    CallOutcome.BY_TELEPHONE: _l("neemt telefonisch deel"),
}


class TryForm(BaseForm):
    """One press on the call sheet."""

    seat = HiddenField()
    contact = HiddenField()
    pressed = HiddenField()

    def to_try(self, seat_id: uuid.UUID) -> NewTry | None:
        """What was pressed; None when it is no button of ours."""
        found = PRESSED.get(self.pressed.data or "")
        if found is None:
            return None
        outcome, is_alone = found
        return NewTry(
            seat_id=seat_id, key=self.contact.data or "", outcome=outcome, is_alone=is_alone
        )


class ContactForm(BaseForm):
    """Somebody to call: a representative, or a desk of an organisation."""

    who = SelectField(_l("Wie?"), [needed(_l("Kies wie u toevoegt."))])
    name = StringField(_l("Naam van de dienst of het bureau"), [Optional(), at_most(120)])
    phone = StringField(
        _l("Telefoonnummer"),
        [
            needed(_l("Vul een telefoonnummer in.")),
            at_most(40),
            Regexp(r"[+0-9][0-9 ()-]{2,}$", message=_l("Schrijf een nummer als 0800-2000.")),
        ],
    )

    def offer(self, page: ContactPage) -> None:
        """Give who may be added."""
        desks = [
            SelectChoice(f"desk:{one.id}", _l("%(name)s: dienst of bureau", name=one.name))
            for one in page.groups
        ]
        people = [SelectChoice(f"person:{key}", words) for key, words in page.people]
        self.who.choices = [SelectChoice("", _l("Kies …")), *people, *desks]

    def to_contact(self) -> NewContact:
        """Who was chosen; call after validation."""
        kind, _, key = self.who.data.partition(":")
        chosen = uuid.UUID(key)
        return NewContact(
            person_id=chosen if kind == "person" else None,
            organisation_id=chosen if kind == "desk" else None,
            name=self.name.data or "",
            phone=(self.phone.data or "").strip(),
        )


def _ids(text: str) -> list[uuid.UUID]:
    """The ids in a hidden field; what is no id says nothing."""
    found = []
    for one in text.split(",")[:500]:
        try:
            found.append(uuid.UUID(one))
        except ValueError:
            continue
    return found
