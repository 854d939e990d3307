"""What is typed about a case table."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # newer than the published types
    BooleanField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

from app.domain.kind_document import KindDocument
from app.domain.kinds import (
    OrganisationKind,
    RequiredRole,
    RetentionClass,
    TableRoleName,
)
from app.domain.text import clean_line
from app.features.tables.covenants import CovenantData
from app.features.tables.queries import Option
from app.features.tables.roles import NewRole
from app.features.tables.scheme import SectionData, StandardData
from app.features.tables.scheme_queries import SectionRow
from app.features.tables.service import TableData
from app.web import labels
from app.web.forms import BaseForm, DateField, VersionForm, at_most, needed
from app.web.i18n import language

LONGEST_STATEMENT = 5000


def between(least: int, most: int) -> NumberRange:
    """A whole number within bounds."""
    return NumberRange(
        min=least, max=most, message=_l("Vul een getal in van %(min)s tot en met %(max)s.")
    )


def offer(field: Any, options: tuple[Option, ...]) -> None:  # noqa: ANN401 - a WTForms field
    """Give a select field its choices, an empty one first so that nothing is chosen unseen."""
    field.choices = [
        SelectChoice("", _l("Kies")),
        *(SelectChoice(str(one.value), one.words) for one in options),
    ]


def as_typed(kind: KindDocument) -> dict[str, Any]:
    """What the form of a new table of this kind begins with."""
    return {
        "kind": kind.code,
        "minutes_per_item": kind.minutes_per_item,
        "opens_working_days": kind.opens_working_days,
        "closes_working_days": kind.closes_working_days,
        "correction_working_days": kind.correction_working_days,
        "children_first": kind.children_first,
        "confidentiality_nl": kind.confidentiality.nl,
        "confidentiality_en": kind.confidentiality.en,
    }


class TableForm(VersionForm):
    """Adding or changing a table."""

    name = StringField(_l("Naam"), [needed(), at_most(120)])
    kind = SelectField(_l("Soort overleg"))
    prefix = StringField(
        _l("Voorvoegsel van de kenmerken"),
        [
            needed(),
            Regexp(
                r"^[A-Za-z][A-Za-z0-9]{1,5}$",
                message=_l("Gebruik twee tot zes letters en cijfers, te beginnen met een letter."),
            ),
        ],
    )
    host = SelectField(_l("Gastheer"), [Optional()])
    place = StringField(_l("Plaats"), [at_most(200)])
    minutes_per_item = IntegerField(
        _l("Minuten per casus"), [needed(), between(1, 240)], default=30
    )
    opens_working_days = IntegerField(
        _l("Stukken open, werkdagen vooraf"), [needed(), between(0, 30)], default=5
    )
    closes_working_days = IntegerField(
        _l("Stukken dicht, werkdagen na afloop"), [needed(), between(0, 30)], default=5
    )
    children_first = BooleanField(_l("Casussen met kinderen eerst"))
    has_standing_reservation = BooleanField(_l("Vaste reservering in de agenda van ketenpartners"))
    calendar_words = StringField(_l("Woorden in de agenda"), [at_most(60)])
    confidentiality_nl = TextAreaField(
        _l("Tekst voor het akkoord geheimhouding"),
        [needed(), at_most(LONGEST_STATEMENT)],
    )
    confidentiality_en = TextAreaField(
        _l("Dezelfde tekst in het Engels"),
        [at_most(LONGEST_STATEMENT)],
    )
    sections_open_with_item = BooleanField(_l("Stukken gaan per casus open"))
    required_roles = SelectMultipleField(
        _l("Wie moet er zijn bij elke casus?"),
        [Optional()],
        choices=labels.choices(labels.REQUIRED_ROLE),
    )
    correction_working_days = IntegerField(
        _l("Correctietijd van het verslag, in werkdagen"), [needed(), between(0, 20)], default=0
    )

    def offer_kinds(self, kinds: Mapping[str, KindDocument]) -> None:
        """The kinds there are now, in the reader's language."""
        self.kind.choices = [
            SelectChoice(code, one.name.of(language())) for code, one in kinds.items()
        ]

    def to_command(self) -> TableData:
        """What was typed, as plain values."""
        return TableData(
            name=self.name.data or "",
            kind_code=self.kind.data,
            prefix=(self.prefix.data or "").upper(),
            host_organisation_id=uuid.UUID(self.host.data) if self.host.data else None,
            place=self.place.data or "",
            minutes_per_item=self.minutes_per_item.data or 0,
            opens_working_days=self.opens_working_days.data or 0,
            closes_working_days=self.closes_working_days.data or 0,
            has_standing_reservation=bool(self.has_standing_reservation.data),
            children_first=bool(self.children_first.data),
            calendar_words=clean_line(self.calendar_words.data or ""),
            confidentiality_nl=self.confidentiality_nl.data or "",
            confidentiality_en=self.confidentiality_en.data or "",
            sections_open_with_item=bool(self.sections_open_with_item.data),
            correction_working_days=self.correction_working_days.data or 0,
            required_roles=tuple(RequiredRole(one) for one in self.required_roles.data or ()),
        )


class RoleForm(BaseForm):
    """Giving a role."""

    person = SelectField(_l("Persoon"), [needed()])
    role = RadioField(
        _l("Rol"),
        [needed()],
        choices=labels.choices(labels.TABLE_ROLE),
        default=TableRoleName.REPRESENTATIVE.value,
    )
    last_on = DateField(_l("Laatste dag"))

    def to_command(self) -> NewRole:
        """What was typed, as plain values; call after validation."""
        return NewRole(
            person_id=uuid.UUID(self.person.data),
            role=TableRoleName(self.role.data),
            last_on=self.last_on.parsed,
        )


class RoleEndForm(BaseForm):
    """Changing the last day of a role, or taking it away."""

    last_on = DateField(_l("Laatste dag"))


class CovenantDatesForm(BaseForm):
    """The dates of a covenant."""

    from_on = DateField(_l("Eerste dag"), [needed()])
    until_on = DateField(_l("Laatste dag"))


class CovenantChangeForm(CovenantDatesForm):
    """The same, with the last day at which what ends was shown."""

    seen_until = DateField(widget=HiddenInput())


class CovenantForm(CovenantDatesForm):
    """Adding a covenant."""

    organisation = SelectField(_l("Organisatie"), [needed()])

    def to_command(self) -> CovenantData:
        """What was typed, as plain values; call after validation."""
        assert self.from_on.parsed is not None  # noqa: S101 - the field is needed
        return CovenantData(
            organisation_id=uuid.UUID(self.organisation.data),
            from_on=self.from_on.parsed,
            until_on=self.until_on.parsed,
        )


class SectionForm(BaseForm):
    """Adding or changing a section of the scheme."""

    label_nl = StringField(_l("Naam"), [needed(), at_most(80)])
    label_en = StringField(_l("Naam in het Engels"), [needed(), at_most(80)])
    retention = SelectField(
        _l("Bewaarklasse"),
        choices=labels.choices(labels.RETENTION_CLASS),
        default=RetentionClass.SUMMARY.value,
    )
    is_identity = BooleanField(_l("Bevat persoonsgegevens: namen, geboortedata, adressen"))
    is_input = BooleanField(_l("Is voor inbreng van ketenpartners"))
    is_plan = BooleanField(
        _l("Bevat plan of veiligheidsafspraken: ook de casusregisseur leest deze rubriek")
    )

    def to_command(self) -> SectionData:
        """What was typed, as plain values."""
        return SectionData(
            label_nl=self.label_nl.data or "",
            label_en=self.label_en.data or "",
            retention=RetentionClass(self.retention.data),
            is_identity=bool(self.is_identity.data),
            is_input=bool(self.is_input.data),
            is_plan=bool(self.is_plan.data),
        )


class StandardForm(BaseForm):
    """Adding or changing a standard disclosure."""

    organisation_kind = SelectField(
        _l("Soort organisatie"), choices=labels.choices(labels.ORGANISATION_KIND)
    )
    section = SelectField(_l("Rubriek"), [needed()])
    ground = StringField(_l("Grondslag"), [needed(), at_most(200)])
    purpose = StringField(_l("Doel"), [needed(), at_most(200)])
    necessity = TextAreaField(_l("Noodzaak"), [needed(), at_most(400)])

    def offer_sections(self, sections: tuple[SectionRow, ...]) -> None:
        """The sections of this table's scheme."""
        offer(self.section, tuple(Option(one.section_id, one.label_nl) for one in sections))

    def to_command(self) -> StandardData:
        """What was typed, as plain values."""
        return StandardData(
            organisation_kind=OrganisationKind(self.organisation_kind.data),
            section_type_id=uuid.UUID(self.section.data),
            ground=self.ground.data or "",
            purpose=self.purpose.data or "",
            necessity=self.necessity.data or "",
        )
