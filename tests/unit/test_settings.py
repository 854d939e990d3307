"""An installation starts complete or not at all, and says at once what is missing."""

from pathlib import Path

import pytest

from config import REQUIRED, Mode, Settings, SettingsError


def complete(folder: Path) -> dict[str, str]:
    key_file = folder / "key"
    key_file.write_text("00" * 32)
    return {
        "CASUSTAFEL_SECRET_KEY": "s" * 40,
        "CASUSTAFEL_DATABASE_URL": "sqlite:///data.db",
        "CASUSTAFEL_KEY_STORE_URL": "sqlite:///keys.db",
        "CASUSTAFEL_KEY_FILE": str(key_file),
        "CASUSTAFEL_BASE_URL": "https://tafel.example",
        "CASUSTAFEL_MAIL_FROM": "overleg@tafel.example",
        "CASUSTAFEL_SMTP_HOST": "mail.tafel.example",
    }


def test_a_complete_environment_starts_in_production(tmp_path: Path) -> None:
    settings = Settings.from_env(complete(tmp_path))
    assert settings.mode is Mode.PRODUCTION
    assert settings.mail_folder is None


def test_an_empty_environment_names_everything_that_is_missing() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({})
    assert all(name in str(refused.value) for name in REQUIRED)


@pytest.mark.parametrize("name", REQUIRED)
def test_each_missing_setting_is_named_alone(tmp_path: Path, name: str) -> None:
    environment = complete(tmp_path)
    del environment[name]
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(environment)
    assert [other for other in REQUIRED if other in str(refused.value)] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CASUSTAFEL_SECRET_KEY", "short"),
        ("CASUSTAFEL_KEY_FILE", "/nowhere/key"),
        ("CASUSTAFEL_BASE_URL", "http://tafel.example"),
        ("CASUSTAFEL_MODE", "debug"),
        ("CASUSTAFEL_REPLY_STYLE", "star"),
        ("CASUSTAFEL_IMAP_SECURITY", "ssl"),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({**complete(tmp_path), name: value})


def test_demo_makes_its_own_secret_once_for_its_owner_alone(tmp_path: Path) -> None:
    environment = {"CASUSTAFEL_MODE": "demo", "CASUSTAFEL_INSTANCE": str(tmp_path)}
    first, second = Settings.from_env(environment), Settings.from_env(environment)
    assert first.secret_key == second.secret_key
    assert (tmp_path / "demo-secret").stat().st_mode & 0o077 == 0
