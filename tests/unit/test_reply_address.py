"""The address an entry is answered at: its own, the same every time, and not to be guessed."""

import re
from dataclasses import replace

import pytest

from app.infra import crypto, reply_address
from config import Mode, ReplyStyle, Settings, SettingsError

UID, OTHER = "0b9f7a4e-3c52-4d0e-9a41-6f1f2f5f7c11", "7d1c2f30-95d4-4f0e-8a0e-2f6b1f0c9a77"


@pytest.fixture
def installation(tmp_path) -> Settings:
    environment = {
        "CASUSTAFEL_MODE": Mode.DEMO,
        "CASUSTAFEL_INSTANCE": str(tmp_path),
        "CASUSTAFEL_MAIL_FROM": "Overleg@tafel.example",
    }
    settings = Settings.from_env(environment)
    crypto.write_key_file(settings.key_file)
    store = crypto.open_key_store("sqlite://", settings.key_file)
    reply_address.set_up(settings)
    yield settings
    store.engine.dispose()


@pytest.mark.parametrize(
    ("style", "pattern", "from_it"),
    [
        (ReplyStyle.PLUS, r"overleg\+[a-z2-7]{26}@tafel\.example", True),
        (ReplyStyle.DASH, r"overleg-[a-z2-7]{26}@tafel\.example", True),
        (ReplyStyle.FIXED, r"overleg\+[a-z2-7]{26}@tafel\.example", False),
    ],
)
def test_each_style_gives_an_organiser_of_its_own_per_entry(
    installation, style, pattern, from_it
) -> None:
    reply_address.set_up(replace(installation, reply_style=style))
    organiser = reply_address.organiser_of(UID)
    assert re.fullmatch(pattern, organiser)
    assert organiser == reply_address.organiser_of(UID)
    assert organiser != reply_address.organiser_of(OTHER)
    assert (reply_address.sender_of(UID) == organiser) is from_it
    assert from_it or reply_address.sender_of(UID) == "Overleg@tafel.example"
    token = reply_address.token_of(organiser)
    assert reply_address.fits(UID, token)
    assert not reply_address.fits(OTHER, token)


def test_another_mailbox_than_the_sender_s_may_take_the_answers(installation) -> None:
    reply_address.set_up(replace(installation, reply_address="antwoord@post.tafel.example"))
    assert reply_address.organiser_of(UID).startswith("antwoord+")
    assert reply_address.token_of(reply_address.organiser_of(UID).upper())


def test_an_address_sent_before_a_change_of_style_still_tells(installation) -> None:
    before = reply_address.organiser_of(UID)
    reply_address.set_up(replace(installation, reply_style=ReplyStyle.DASH))
    assert reply_address.fits(UID, reply_address.token_of(before))


@pytest.mark.parametrize(
    "address",
    ["", "overleg@tafel.example", "overleg+short@tafel.example", "overleg+" + "a" * 26 + "@elders.example", "iemand+" + "a" * 26 + "@tafel.example", "overleg+" + "é" * 26 + "@tafel.example", "@", "\x00"],
)  # fmt: skip
def test_no_token_is_read_from_another_address(installation, address) -> None:
    assert reply_address.token_of(address) is None


def test_the_token_hangs_on_the_key_of_the_installation(installation, tmp_path) -> None:
    before = reply_address.organiser_of(UID)
    crypto.write_key_file(tmp_path / "other.key")
    other = crypto.open_key_store("sqlite://", tmp_path / "other.key")
    assert reply_address.organiser_of(UID) != before
    other.engine.dispose()


def test_a_name_too_long_for_a_token_is_refused_at_start(tmp_path) -> None:
    environment = {
        "CASUSTAFEL_MODE": Mode.DEMO,
        "CASUSTAFEL_INSTANCE": str(tmp_path),
        "CASUSTAFEL_REPLY_ADDRESS": "a" * 38 + "@tafel.example",
    }
    with pytest.raises(SettingsError, match="CASUSTAFEL_REPLY_ADDRESS"):
        Settings.from_env(environment)
