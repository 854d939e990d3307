"""What is typed to sign in; secrets are taken as typed and never cleaned, kept or shown again."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from app.domain.passwords import PasswordFault
from app.web.forms import BaseForm, SecretField, at_most, needed

LONGEST_EMAIL = 254
LONGEST_CODE = 60
LONGEST_KEY_NAME = 60


class SignInForm(BaseForm):
    """First step: e-mail address and password."""

    email = StringField(_l("E-mailadres"), [needed(), at_most(LONGEST_EMAIL)])
    password = SecretField(_l("Wachtwoord"), [needed()])


class CodeForm(BaseForm):
    """Second step: a code of the app, or a recovery code in the same field."""

    code = StringField(_l("Code uit uw app"), [needed(), at_most(LONGEST_CODE)])


class PasskeyForm(BaseForm):
    """What one calls a new passkey; the device has made it before a missing name could be asked."""

    name = StringField(_l("Naam"), [at_most(LONGEST_KEY_NAME)])

    @property
    def chosen(self) -> str:
        """The name as typed, or a plain one."""
        return self.name.data or _("Passkey")


class NewPasswordForm(BaseForm):
    """Choosing a password by a one-time link."""

    new_password = SecretField(_l("Nieuw wachtwoord"), [needed()])


class ChangePasswordForm(BaseForm):
    """Changing one's own password."""

    current_password = SecretField(_l("Huidig wachtwoord"), [needed()])
    new_password = SecretField(_l("Nieuw wachtwoord"), [needed()])


class LostKeyForm(BaseForm):
    """The address to which a link goes for who lost the only passkey."""

    email = StringField(_l("E-mailadres"), [needed(), at_most(LONGEST_EMAIL)])


class RecoveryCodeForm(BaseForm):
    """One of the ten codes, beside the link in the mail."""

    code = StringField(_l("Herstelcode"), [needed(), at_most(LONGEST_CODE)])


class RecoveryForm(BaseForm):
    """One press for new recovery codes."""


class ProofForm(BaseForm):
    """Proving both factors again."""

    current_password = SecretField(_l("Wachtwoord"), [needed()])
    code = StringField(_l("Code uit uw app"), [needed(), at_most(LONGEST_CODE)])


class DemoForm(BaseForm):
    """One press in the demo region."""

    person_id = HiddenField(validators=[needed()])


FAULT_TEXT: dict[PasswordFault, Any] = {
    PasswordFault.TOO_SHORT: _l(
        "Gebruik minstens 15 tekens. Een zin van een paar losse woorden is makkelijk te onthouden."
    ),
    PasswordFault.TOO_LONG: _l("Gebruik hoogstens 256 tekens."),
    PasswordFault.UNUSABLE_CHARACTER: _l("Er staat een teken in dat niet te typen is."),
    PasswordFault.ONLY_DIGITS: _l("Alleen cijfers is te makkelijk te raden. Gebruik ook letters."),
    PasswordFault.COMMON_WORDS: _l(
        "Dit bestaat vooral uit veelgebruikte wachtwoorden. Kies andere woorden."
    ),
    PasswordFault.CONTEXT_WORDS: _l(
        "Dit bestaat vooral uit uw naam, uw organisatie of woorden uit het werk. "
        "Kies woorden die daar niets mee te maken hebben."
    ),
    PasswordFault.SEASON_AND_YEAR: _l("Een seizoen met een jaartal is te makkelijk te raden."),
    PasswordFault.SEQUENCE: _l("Een rijtje toetsen of letters op volgorde is makkelijk te raden."),
    PasswordFault.REPETITION: _l("Dit bestaat vooral uit herhaling. Kies verschillende woorden."),
}


def show_fault(form: NewPasswordForm | ChangePasswordForm, fault: PasswordFault) -> None:
    """Say at the field which rule the new password breaks."""
    form.new_password.errors = [FAULT_TEXT[fault]]
