"""The words on screen for settings and what they were changed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, Date, inspect

from app.access.administration.setting_history import SETTINGS
from app.domain.kinds import (
    OrganisationKind,
    RequiredRole,
    RetentionClass,
    TableKind,
    TermSubject,
)
from app.domain.local_time import to_local
from app.infra.db import UtcDateTime
from app.web import labels

SUBJECT: Final[Mapping[str, Any]] = {
    "case_table": _l("Overleg"),
    "closure_period": _l("Sluitingsdagen"),
    "confidentiality_text": _l("Tekst over geheimhouding"),
    "covenant": _l("Convenant"),
    "follow_up": _l("Herinneringen bij acties"),
    "identity_provider": _l("Inlogpagina"),
    "kind_version": _l("Soort overleg"),
    "organisation": _l("Organisatie"),
    "room": _l("Ruimte"),
    "section_type": _l("Rubriek"),
    "standard_disclosure": _l("Standaard delen"),
    "standing_partner": _l("Vaste deelnemer"),
    "table_quorum": _l("Verplichte aanwezigheid"),
    "table_term": _l("Bewaartermijn"),
}
FIELD: Final[Mapping[str, Any]] = {
    "address": _l("adres"),
    "amount": _l("termijn in maanden, of weken bij een inzageverzoek"),
    "approved": _l("goedgekeurd"),
    "asks_acr": _l("gevraagd inlogniveau (acr)"),
    "calendar_words": _l("titel in agenda's"),
    "chair_after": _l("voorzitter na werkdagen"),
    "children_first": _l("kinderen eerst"),
    "client_id": _l("client-id"),
    "client_secret_ct": _l("geheim van de inlogpagina"),
    "closes_working_days": _l("stukken dicht, werkdagen erna"),
    "code": _l("code"),
    "confidentiality_en": _l("geheimhouding, Engels"),
    "confidentiality_nl": _l("geheimhouding, Nederlands"),
    "contact_after": _l("contactpersoon na werkdagen"),
    "correction_working_days": _l("werkdagen om het verslag te corrigeren"),
    "days_after": _l("herinnering, werkdagen erna"),
    "days_before": _l("herinnering, werkdagen vooraf"),
    "deputy_after": _l("teamleider of vervanger na werkdagen"),
    "domains": _l("maildomeinen van de inlogpagina"),
    "ended_at": _l("beëindigd"),
    "extra": _l("verlenging"),
    "first_on": _l("eerste dag"),
    "from_at": _l("geldt vanaf"),
    "ground": _l("grondslag"),
    "has_standing_reservation": _l("vaste reservering in agenda's"),
    "has_standing_seats": _l("vaste deelnemers"),
    "host_organisation_id": _l("gastheer"),
    "is_identity": _l("bevat namen"),
    "is_input": _l("wordt ingebracht"),
    "is_plan": _l("hoort bij het plan"),
    "issuer": _l("uitgever (issuer)"),
    "kind": _l("soort"),
    "kind_code": _l("eigen soort"),
    "label_en": _l("naam, Engels"),
    "label_nl": _l("naam, Nederlands"),
    "last_on": _l("laatste dag"),
    "mail_domains": _l("maildomeinen"),
    "minutes_per_item": _l("minuten per casus"),
    "name": _l("naam"),
    "necessity": _l("noodzaak"),
    "on_the_day": _l("herinnering op de dag zelf"),
    "opens_working_days": _l("stukken open, werkdagen vooraf"),
    "organisation_kind": _l("soort organisatie"),
    "place": _l("plaats"),
    "position": _l("volgorde"),
    "prefix": _l("voorvoegsel van casusnummers"),
    "purpose": _l("doel"),
    "quiet_from": _l("geen mail vanaf, minuten na middernacht"),
    "quiet_until": _l("geen mail tot, minuten na middernacht"),
    "retention": _l("bewaarklasse"),
    "role": _l("rol"),
    "second_factors": _l("waarden die een tweede factor bewijzen"),
    "sections_open_with_item": _l("rubrieken open met de casus"),
    "subject": _l("waarvan"),
    "until_at": _l("geldt tot"),
    "verifies": _l("procesregisseur kijkt afgeronde acties na"),
    "version": _l("versie"),
}
_OF_ENUM: Final[Mapping[type[StrEnum], Mapping[Any, Any]]] = {
    OrganisationKind: labels.ORGANISATION_KIND,
    RequiredRole: labels.REQUIRED_ROLE,
    RetentionClass: labels.RETENTION_CLASS,
    TableKind: labels.TABLE_KIND,
    TermSubject: labels.TERM_SUBJECT,
}


@cache
def _columns(subject: str) -> Mapping[str, Any]:
    model = next(one for one in SETTINGS if one.__tablename__ == subject)
    return {one.key: one.columns[0].type for one in inspect(model).column_attrs}


def value(subject: str, field: str, stored: str, names: Mapping[str, str]) -> str:
    """A stored value as it is read; ``field`` is empty where it names the whole row."""
    model = next(one for one in SETTINGS if one.__tablename__ == subject)
    name = field or SETTINGS[model].named
    if not stored or not name:
        return ""
    kind = _columns(subject)[name]
    if isinstance(kind, Boolean):
        return str(_("ja") if stored == "1" else _("nee"))
    if isinstance(kind, UtcDateTime):
        return f"{to_local(datetime.fromisoformat(stored)):%d-%m-%Y, %H.%M}"
    if isinstance(kind, Date):
        return f"{datetime.fromisoformat(stored):%d-%m-%Y}"
    enum: type[StrEnum] | None = getattr(kind, "enum_class", None)
    if enum is not None and enum in _OF_ENUM:
        return str(_OF_ENUM[enum][enum(stored)])
    return names.get(stored, stored)
