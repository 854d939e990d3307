"""What is typed about the sign-in page of an organisation; the secret is never shown again."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Optional, Regexp

from app.domain.addresses import known_domains
from app.features.providers.service import ProviderData
from app.web.forms import SecretField, VersionForm, at_most, needed

_DOMAIN = r"[A-Za-z0-9]([A-Za-z0-9-]*\.)+[A-Za-z]{2,}"
_ADDRESS = r"^(https://[^\s<>\"?#]+|http://127\.0\.0\.1:\d+)$"


class ProviderForm(VersionForm):
    """Changing a sign-in page: whose it is and its address stay, for links rest on them."""

    name = StringField(_l("Naam"), [needed(), at_most(120)])
    client_id = StringField(_l("Client-id"), [Optional(), at_most(200)])
    client_secret = SecretField(_l("Client-geheim"), [at_most(300)])
    domains = StringField(
        _l("Maildomeinen"),
        [
            needed(),
            at_most(400),
            Regexp(
                rf"^{_DOMAIN}([\s,;]+{_DOMAIN})*$",
                message=_l("Schrijf elk domein zoals in een e-mailadres na het apenstaartje."),
            ),
        ],
    )
    second_factors = StringField(
        _l("Waarden van acr of amr die tellen"), [Optional(), at_most(400)]
    )
    asks_acr = StringField(_l("Te vragen acr_values"), [Optional(), at_most(200)])

    def to_command(self) -> ProviderData:
        """What was typed, as plain values."""
        return ProviderData(
            name=self.name.data or "",
            client_id=self.client_id.data or "",
            client_secret=self.client_secret.data or "",
            domains=" ".join(known_domains(self.domains.data or "")),
            second_factors=" ".join((self.second_factors.data or "").split()),
            asks_acr=" ".join((self.asks_acr.data or "").split()),
        )


class NewProviderForm(ProviderForm):
    """Adding a sign-in page."""

    organisation = SelectField(_l("Organisatie"), [needed()])
    issuer = StringField(
        _l("Adres van de uitgever (issuer)"),
        [
            needed(),
            at_most(300),
            Regexp(_ADDRESS, message=_l("Begin het adres met https:// en laat ? en # weg.")),
        ],
    )

    @property
    def organisation_id(self) -> uuid.UUID:
        """The chosen organisation; use after validation."""
        return uuid.UUID(self.organisation.data)
