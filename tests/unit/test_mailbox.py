"""Mail written to a folder: whole, private, and read back as sent."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.infra import clock, mailbox
from app.infra.mail import DeliveryFailed, FileTransport
from tests.calendar_samples import INVITATION


def test_a_written_mail_reads_back_as_sent(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with clock.use(clock.FrozenClock(datetime(2027, 3, 1, 9, tzinfo=UTC))):
        FileTransport(folder).deliver(INVITATION)
    (stored,) = mailbox.read_folder(folder)
    assert stored == mailbox.read_mail(folder, stored.name)
    assert stored.name.startswith("20270301T090000000000Z-")
    assert stored.to == INVITATION.to
    assert stored.sender == INVITATION.sender
    assert stored.subject == INVITATION.subject
    assert stored.text == INVITATION.text
    assert stored.html == INVITATION.html
    assert stored.calendar.encode() == INVITATION.ics
    assert stored.calendar_method == "REQUEST"
    assert stored.date == datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_a_written_mail_is_the_owners_alone_and_leaves_no_half_file(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    FileTransport(folder).deliver(INVITATION)
    (path,) = folder.iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands where the folder should be", encoding="utf-8")
    with pytest.raises(DeliveryFailed) as caught:
        FileTransport(tmp_path / "mail").deliver(INVITATION)
    assert caught.value.temporary


def test_the_mailbox_shows_the_newest_first_and_one_persons_own(tmp_path: Path) -> None:
    others = replace(INVITATION, to="a.degraaf@vt.example")
    with clock.use(clock.FrozenClock(datetime(2027, 3, 1, 9, tzinfo=UTC))) as frozen:
        for outgoing in (INVITATION, others, replace(INVITATION, subject="Later")):
            FileTransport(tmp_path).deliver(outgoing)
            frozen.advance(timedelta(minutes=1))
    assert [one.subject for one in mailbox.read_folder(tmp_path, limit=1)] == ["Later"]
    mine = mailbox.read_folder(tmp_path, recipient="B.Mulder@pol.example")
    assert [one.subject for one in mine] == ["Later", INVITATION.subject]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../x.eml",
        "x.eml",
        "20270301T090000000000Z-0123456789abcdef.eml",
        "20270301T090000000000Z-0123456789abcdef.eml\n",
    ],
)
def test_a_name_that_is_no_mail_finds_nothing(tmp_path: Path, name: str) -> None:
    assert mailbox.read_mail(tmp_path, name) is None
    assert mailbox.read_folder(tmp_path / "absent") == ()
