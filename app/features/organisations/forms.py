"""What is typed about an organisation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Optional, Regexp

from app.domain.addresses import known_domains
from app.domain.kinds import OrganisationKind
from app.features.organisations.service import OrganisationData
from app.web import labels
from app.web.forms import VersionForm, at_most, needed

_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*\.)+[A-Za-z]{2,}"


class OrganisationForm(VersionForm):
    """Adding or changing an organisation."""

    name = StringField(_l("Naam"), [needed(), at_most(120)])
    code = StringField(
        _l("Code"),
        [
            needed(),
            at_most(12),
            Regexp(r"^[A-Za-z0-9-]+$", message=_l("Gebruik letters, cijfers en streepjes.")),
        ],
    )
    kind = SelectField(
        _l("Soort"),
        choices=labels.choices(labels.ORGANISATION_KIND),
        default=OrganisationKind.MUNICIPALITY.value,
    )
    mail_domains = StringField(
        _l("Maildomeinen"),
        [
            Optional(),
            at_most(400),
            Regexp(
                rf"^{_DOMAIN}([\s,;]+{_DOMAIN})*$",
                message=_l("Schrijf elk domein zoals in een e-mailadres na het apenstaartje."),
            ),
        ],
    )

    def to_command(self) -> OrganisationData:
        """What was typed, as plain values."""
        return OrganisationData(
            name=self.name.data or "",
            code=(self.code.data or "").upper(),
            kind=OrganisationKind(self.kind.data),
            mail_domains=" ".join(known_domains(self.mail_domains.data or "")),
        )
