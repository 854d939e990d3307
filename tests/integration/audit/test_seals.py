"""Seals of the access log: made once an hour, kept outside, and what only they show."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.access.logbook import check, seals
from app.cli import every_hour
from app.domain.log_chain import SealBody, merkle_root
from app.infra import crypto, seal_files
from app.infra.db import reading, transaction
from app.models import AuditEvent
from tests.audit_log import SEALED, Kept, checked, kept, put_back, write


@pytest.fixture
def histories(log, folder: Path, frozen_clock) -> tuple[Kept, Kept]:
    """The log as it was, and as it became one more seal later."""
    before = kept()
    frozen_clock.advance(timedelta(hours=1))
    write(2)
    assert seals.seal_log(folder) == 2
    return before, kept()


def test_only_an_outside_seal_betrays_an_older_copy(histories, folder: Path) -> None:
    before, _later = histories
    put_back(before)
    assert checked().fault is None
    fault = checked(folder).fault
    assert fault is not None
    assert fault.row_id == SEALED + 1
    assert "outside seal 2 of 2026-06-01 09:05 UTC over rows 15 to 26" in fault.what
    write(3)
    with pytest.raises(FileExistsError):
        seals.seal_log(folder)  # what shows it is not overwritten
    assert checked(folder).fault == fault


def test_two_histories_do_not_mix(histories) -> None:
    before, later = histories
    put_back(Kept(before.head, before.rows, later.seals))
    write(2)
    fault = checked().fault
    assert fault is not None
    assert fault.row_id == SEALED + 1
    assert "not those that seal 2 was made over" in fault.what
    put_back(before)
    write(2)
    other = kept()
    put_back(Kept(other.head, [*other.rows[:-1], later.rows[-1]], other.seals))
    fault = checked().fault
    assert fault == check.Fault(26, "does not follow row 25")


def test_a_forged_outside_seal_is_refused(log, folder: Path) -> None:
    (file,) = folder.glob("seal-*.json")
    file.write_text(file.read_text().replace('"last_row": 14', '"last_row": 13'))
    fault = checked(folder).fault
    assert fault is not None
    assert "not signed by this installation" in fault.what


# --- Seals ------------------------------------------------------------------------------------------


def test_a_seal_is_made_once_an_hour_and_only_of_new_rows(log, folder, frozen_clock) -> None:
    assert seals.seal_log(folder) is None, "another worker did so five minutes ago"
    frozen_clock.advance(timedelta(hours=1))
    assert seals.seal_log(folder) == 2
    frozen_clock.advance(timedelta(hours=1))
    assert seals.seal_log(folder) is None, "nothing happened"
    assert [file.name for file in sorted(folder.iterdir())] == [
        "seal-00000001.json",
        "seal-00000002.json",
    ]
    assert checked(folder).fault is None


def test_of_two_workers_at_once_one_seals(log, folder, frozen_clock, monkeypatch) -> None:
    frozen_clock.advance(timedelta(hours=1))
    of_both = transaction

    def after_the_other():
        monkeypatch.setattr(seals, "transaction", of_both)
        assert seals.seal_log(folder) == 2
        return of_both()

    monkeypatch.setattr(seals, "transaction", after_the_other)
    assert seals.seal_log(folder) is None
    assert checked(folder).seals == 2


def test_a_file_that_could_not_be_written_is_written_later(log, folder, frozen_clock) -> None:
    write(1)
    frozen_clock.advance(timedelta(hours=1))
    kept = folder.rename(folder.with_name("elsewhere"))
    folder.write_text("no folder")
    with pytest.raises(OSError):
        seals.seal_log(folder)
    folder.unlink()
    assert seals.seal_log(folder) is None
    assert [file.name for file in folder.iterdir()] == ["seal-00000002.json"]
    assert len(list(kept.iterdir())) == 1


def test_what_has_gaps_is_not_sealed(behind, folder: Path, frozen_clock, caplog, settings) -> None:
    behind.execute(sa.text("DELETE FROM audit_event WHERE id = 20"))
    behind.commit()
    frozen_clock.advance(timedelta(hours=1))
    with pytest.raises(seals.RowsMissingError):
        seals.seal_log(folder)
    every_hour(settings)
    assert "the access log was not sealed: RowsMissingError" in caplog.text


def test_a_seal_file_says_no_more_than_hashes(log, folder: Path) -> None:
    (file,) = folder.glob("seal-*.json")
    text = re.sub(r'"[0-9a-f]{64,128}"', '"…"', file.read_text())
    assert text.split() == [
        "{", '"casustafel_seal":', "1,", '"number":', "1,", '"sealed_at":',
        '"2026-06-01T08:00:00.000000+00:00",', '"first_row":', "1,", '"last_row":', "14,",
        '"root":', '"…",', '"last_hash":', '"…",', '"previous":', '"…",', '"signature":', '"…",',
        '"public_key":', '"…"', "}",
    ]  # fmt: skip


def test_a_seal_can_be_checked_without_our_code(log, folder: Path) -> None:
    (seal,) = seal_files.read_all(folder)
    public = Ed25519PublicKey.from_public_bytes(crypto.store().log_keys.public_key)
    public.verify(seal.signature, seal.body.to_bytes())
    with reading() as session:
        macs = session.scalars(
            sa.select(AuditEvent.mac).where(AuditEvent.id <= SEALED).order_by(AuditEvent.id)
        ).all()
    assert merkle_root(macs) == seal.body.root
    assert isinstance(seal.body, SealBody)
