"""Answers fetched from a real IMAP server, over a wire that breaks: nothing lost, nothing twice."""

import ssl
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.domain.kinds import InvitationAnswer, ReplyState
from app.features.replies.service import receive
from app.infra import imap, jobs
from app.infra.db import reading
from app.infra.imap import Mailbox, MailboxUnreachable
from app.infra.itip import MOST_BYTES
from app.models import AuditEvent
from tests.imap import DONE, INBOX, PASSWORD, USER, Wire, serving
from tests.replies import OURS, arriving, hold_of, invited_world, replies

YES = InvitationAnswer.YES
# A yes, a no of the same moment, words, and something about nothing of ours.
MESSAGES = ("google-accept", "outlook-decline-comment", "words-only", "unknown-uid")


@pytest.fixture
def world(app, monkeypatch):
    return invited_world(monkeypatch)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("imap")) as made:
        yield made


@pytest.fixture
def server(running):
    """The one server of this file, with nothing in it."""
    running.empty()
    return running


def mailbox_at(server, port: int | None = None, **more) -> Mailbox:
    return Mailbox(
        **{
            "host": "127.0.0.1", "port": port or server.port, "user": USER, "password": PASSWORD,
            "security": "starttls", "timeout": 5, "context": server.context, **more,
        }
    )  # fmt: skip


def take_in(raw: bytes) -> None:
    receive(raw, authserv_id=OURS)


def fill(server) -> None:
    server.put(*(arriving(name) for name in MESSAGES))


def assert_all_was_done_once(server, world) -> None:
    states = sorted(one.state for one in replies())
    assert states == sorted(
        [ReplyState.APPLIED, ReplyState.HELD, ReplyState.HELD, ReplyState.QUARANTINED]
    )
    assert hold_of(world.police_seat).answer is YES
    with reading() as session:
        given = session.scalar(select(func.count()).where(AuditEvent.object_kind == "answer"))
    assert given == 1
    assert (server.number_in(INBOX), server.number_in(DONE)) == (0, len(MESSAGES))


def test_what_arrived_is_taken_in_and_put_away(server, world) -> None:
    fill(server)
    assert imap.poll(mailbox_at(server), take_in) == len(MESSAGES)
    assert_all_was_done_once(server, world)
    assert server.unseen_in(DONE) == 0
    assert imap.poll(mailbox_at(server), take_in) == 0


def test_the_wire_may_break_anywhere(server, world) -> None:
    fill(server)
    breaks = 0
    for limit in range(1_500, 40_000, 900):
        wire = Wire(server.port, limit)
        try:
            imap.poll(mailbox_at(server, wire.port), take_in)
        except MailboxUnreachable:
            breaks += 1
        finally:
            wire.close()
        if server.number_in(INBOX) == 0:
            break
    assert breaks >= 5, "it broke before, between and in the messages"
    assert_all_was_done_once(server, world)


def test_the_wire_may_break_after_the_answer_counts_and_before_it_is_put_away(
    server, world
) -> None:
    fill(server)
    for _ in MESSAGES:
        wire = Wire(server.port)

        def take_in_and_cut(raw: bytes, wire: Wire = wire) -> None:
            take_in(raw)
            wire.cut()

        with pytest.raises(MailboxUnreachable):
            imap.poll(mailbox_at(server, wire.port), take_in_and_cut)
    assert server.number_in(DONE) == 0
    assert imap.poll(mailbox_at(server), take_in) == len(MESSAGES)
    assert_all_was_done_once(server, world)


def test_one_that_cannot_be_taken_in_waits_and_holds_up_no_other(server, world, caplog) -> None:
    fill(server)

    def stumble(raw: bytes) -> None:
        if b"cursus" in raw:
            message = "geheim"
            raise RuntimeError(message)
        take_in(raw)

    assert imap.poll(mailbox_at(server), stumble) == len(MESSAGES) - 1
    assert server.number_in(INBOX) == 1
    assert "RuntimeError" in caplog.text
    assert "geheim" not in caplog.text


def test_many_that_always_fail_keep_nothing_that_arrives_waiting(server, monkeypatch) -> None:
    """Nor one of them that can be taken in after all, once there is room for it."""
    monkeypatch.setattr(imap, "MOST_MESSAGES", 2)
    seen, mended = [], set()

    def stumble(raw: bytes) -> None:
        seen.append(raw.strip())
        if raw.strip() not in mended:
            raise ValueError

    server.put(b"a: 1", b"b: 2", b"c: 3")
    for _ in range(2):
        assert imap.poll(mailbox_at(server), stumble) == 0
    assert seen[:3] == [b"a: 1", b"b: 2", b"c: 3"]
    mended |= {b"a: 1", b"d: 4"}
    server.put(b"d: 4")
    dealt_with = imap.poll(mailbox_at(server), stumble)
    assert dealt_with >= 1, "what arrived goes first"
    for _ in range(30):
        if dealt_with == len(mended):
            break
        dealt_with += imap.poll(mailbox_at(server), stumble)
    assert server.number_in(INBOX) == 2


def test_a_message_far_too_large_is_put_away_unread(server, world) -> None:
    seen = []
    server.put(arriving("words-only") + b"x" * (MOST_BYTES + 5_000))
    assert imap.poll(mailbox_at(server), lambda raw: (seen.append(len(raw)), take_in(raw))) == 1
    assert seen == [MOST_BYTES + 1]
    assert [one.state for one in replies()] == [ReplyState.QUARANTINED]


def test_a_server_without_the_right_certificate_gets_no_password(server) -> None:
    stranger = ssl.create_default_context()
    with pytest.raises(MailboxUnreachable):
        imap.poll(mailbox_at(server, context=stranger), take_in)


@pytest.mark.parametrize(
    "wrong",
    [{"security": "none", "host": "imap.example"}, {"security": "ssl"}, {"done_folder": ""}, {"done_folder": "INBOX"}],
)  # fmt: skip
def test_unsafe_settings_are_refused(wrong) -> None:
    given = {"host": "127.0.0.1", "port": 143, "user": USER, "password": PASSWORD}
    with pytest.raises(ValueError):
        Mailbox(**{**given, **wrong})


def test_a_mailbox_that_is_away_keeps_no_mail_from_going(app, caplog) -> None:
    delivered = []

    def away() -> None:
        raise MailboxUnreachable("OSError")

    jobs.Rounds(app.app_context, lambda: delivered.append("tidied"), away).make()
    assert delivered == ["tidied"]
    assert "MailboxUnreachable" in caplog.text


def test_the_worker_fetches_once_a_minute(app, frozen_clock) -> None:
    fetched = []
    rounds = jobs.Rounds(app.app_context, lambda: None, lambda: fetched.append(1))
    for _ in range(3):
        rounds.make()
        frozen_clock.advance(jobs.FETCH_EVERY / 2)
    assert len(fetched) == 2


def test_the_commands_poll_and_receive(app, settings, server, world, monkeypatch) -> None:
    run = app.test_cli_runner().invoke
    assert "CASUSTAFEL_IMAP_HOST is not set" in run(args=["mailbox", "poll"]).output
    known = replace(
        settings, imap_host="127.0.0.1", imap_port=server.port, imap_user=USER,
        imap_password=PASSWORD, imap_security="starttls", authserv_id=OURS,
    )  # fmt: skip
    monkeypatch.setitem(app.config, "SETTINGS", known)
    monkeypatch.setattr(imap, "Mailbox", lambda **given: Mailbox(**given, context=server.context))
    server.put(arriving("google-accept"))
    assert "1 message(s) dealt with" in run(args=["mailbox", "poll"]).output
    assert hold_of(world.police_seat).answer is YES
    newer = arriving("outlook-decline-comment")
    done = run(args=["mailbox", "receive"], input=newer)
    assert (done.exit_code, done.output) == (0, "")
    assert len(replies()) == 2
    assert run(args=["mailbox", "receive"], input=b"\x00nonsense").exit_code == 0


def test_a_pipe_is_told_to_try_again_when_the_database_is_away(app, monkeypatch) -> None:
    from sqlalchemy.exc import OperationalError

    def away(*_args, **_more):
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr("app.features.replies.commands.receive", away)
    done = app.test_cli_runner().invoke(args=["mailbox", "receive"], input=b"x")
    assert done.exit_code == 75
    assert "Traceback" not in done.output
