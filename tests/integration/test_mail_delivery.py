"""What becomes of invitations when the mail server fails: nothing lost, nothing twice as new."""

import ssl
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from app.domain.kinds import MailState
from app.infra import clock, mail, outbox
from app.infra.calendar_queue import queue_calendar
from app.infra.db import reading, transaction
from app.infra.mail import DeliveryFailed
from app.infra.outbox import OutboxRow
from app.models import MailLog, Seat
from tests import builders
from tests.calendar_readers import read_with_vobject
from tests.calendar_samples import INVITATION
from tests.mail_servers import Fault, PostOffice, free_port, make_authority, open_office


@pytest.fixture
def world(app):
    return builders.small_world()


@pytest.fixture
def office(world):
    """The mail server every mail of this test goes to."""
    made = PostOffice()
    with open_office(made) as transport:
        mail.use(transport)
        yield made


def invite(world) -> None:
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [world.police.id, world.care.id])


def deliver() -> None:
    while outbox.drain():
        pass


def later(minutes: int = 90) -> None:
    clock._current.advance(timedelta(minutes=minutes))
    deliver()


def calendar_of(message: EmailMessage) -> dict:
    [part] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    read = read_with_vobject(part.get_payload(decode=True))
    return read["events"][0] | {"method": read["method"]}


def states() -> set[MailState]:
    with reading() as session:
        return set(session.scalars(select(MailLog.state)))


def rows() -> list[OutboxRow]:
    with reading() as session:
        return list(session.scalars(select(OutboxRow).where(OutboxRow.kind == "calendar.send")))


@pytest.mark.parametrize("fault", [Fault.LATER, Fault.SLOW, Fault.ANSWER_LOST, Fault.DOWN])
def test_what_the_server_could_not_take_arrives_later_under_the_same_id(world, office, fault):
    healthy = mail._Postman.transport
    if fault is Fault.DOWN:
        mail.use(replace(healthy, port=free_port()))
    office.fault = fault
    invite(world)
    deliver()
    expected = (
        {MailState.UNSURE} if fault in {Fault.ANSWER_LOST, Fault.SLOW} else {MailState.FAILED}
    )
    assert states() == expected
    office.fault = Fault.NONE
    # A busy machine may take longer than the patience that is tried out here.
    mail.use(replace(healthy, timeout=10))
    later()
    assert states() == {MailState.SENT}
    assert all(row.done_at and row.attempts == 2 for row in rows())
    ids, entries = defaultdict(set), defaultdict(set)
    for message in office.mails:
        event = calendar_of(message)
        ids[message["To"]].add(message["Message-ID"])
        entries[message["To"]].add((event["uid"], event["sequence"], event["method"]))
    assert len(ids) == 2
    assert all(len(one) == 1 for one in (*ids.values(), *entries.values()))
    assert len(office.arrived) == (4 if fault is Fault.ANSWER_LOST else 2)
    deliver()
    assert len(office.arrived) == (4 if fault is Fault.ANSWER_LOST else 2), "and then never again"


def test_six_hours_without_a_server_lose_nothing(world, office, deep):
    """Every invitation arrives once, when the server is back and its next try has come."""
    people = [world.police]
    for _ in range(59 if deep else 2):
        who = builders.representative(world.care_organisation, world.table)
        builders.seat(world.item, world.care_organisation, who)
        people.append(who)
    healthy = mail._Postman.transport
    mail.use(replace(healthy, port=free_port()))
    with transaction() as session:
        queue_calendar(session, world.meeting.id, [who.id for who in people])
    for _ in range(12):
        deliver()
        clock._current.advance(timedelta(minutes=30))
    assert states() == {MailState.FAILED}
    assert not [row for row in rows() if row.dead_at]
    mail.use(healthy)
    later()
    assert sorted(one.rcpt_tos[0] for one in office.arrived) == sorted(who.email for who in people)
    assert len({message["Message-ID"] for message in office.mails}) == len(people)
    assert states() == {MailState.SENT}


def test_nobody_sees_another_recipient(world, office):
    invite(world)
    deliver()
    addresses = {world.police.email, world.care.email}
    assert {tuple(one.rcpt_tos) for one in office.arrived} == {(one,) for one in addresses}
    for envelope, message in zip(office.arrived, office.mails, strict=True):
        [own] = envelope.rcpt_tos
        whole = message.as_string() + "".join(
            part.get_content() for part in message.walk() if part.get_content_maintype() == "text"
        )
        assert own in whole
        assert not [one for one in addresses - {own} if one in whole]


def test_a_mailbox_that_is_not_there_keeps_nobody_else_waiting(world, office):
    office.fault, office.refused = Fault.NEVER, world.police.email
    invite(world)
    deliver()
    assert [one.rcpt_tos for one in office.arrived] == [[world.care.email]]
    [dead] = [row for row in rows() if row.dead_at]
    assert (dead.person_id, dead.attempts, dead.reason) == (world.police.id, 1, "recipient-550")
    assert states() == {MailState.SENT, MailState.FAILED}
    office.fault = Fault.NONE
    later()
    assert len(office.arrived) == 1


def test_a_rude_goodbye_does_not_send_the_mail_again(world, office):
    office.fault = Fault.BAD_GOODBYE
    invite(world)
    deliver()
    later()
    assert len(office.arrived) == 2
    assert states() == {MailState.SENT}


@pytest.mark.parametrize("fault", [Fault.LATER, Fault.ANSWER_LOST])
def test_what_is_revoked_while_it_waits_is_not_sent(world, office, fault):
    """A withdrawal follows only when the invitation may have arrived."""
    office.fault = fault
    invite(world)
    deliver()
    arrived = len(office.arrived)
    office.fault = Fault.NONE
    with transaction() as session:
        session.execute(
            update(Seat).where(Seat.id == world.police_seat.id).values(removed_at=clock.now())
        )
        queue_calendar(session, world.meeting.id, [world.police.id])
    later()
    methods = [
        calendar_of(message)["method"]
        for envelope, message in zip(office.arrived[arrived:], office.mails[arrived:], strict=True)
        if envelope.rcpt_tos == [world.police.email]
    ]
    assert methods == ([] if fault is Fault.LATER else ["CANCEL"])


def test_tls_is_asked_for_and_the_certificate_checked(tmp_path):
    authority, context = make_authority(tmp_path)
    trusting = ssl.create_default_context(cafile=str(authority))
    office = PostOffice()
    with open_office(office, tls_context=context, require_starttls=True) as plain:
        transport = replace(plain, security="starttls", timeout=5)
        replace(transport, context=trusting).deliver(INVITATION)
        assert len(office.arrived) == 1
        with pytest.raises(DeliveryFailed) as unknown:
            transport.deliver(INVITATION)
        with pytest.raises(DeliveryFailed) as unencrypted:
            plain.deliver(INVITATION)
    assert unknown.value.temporary
    assert (unencrypted.value.code, unencrypted.value.temporary) == ("server-530", True)
    assert len(office.arrived) == 1


def test_a_certificate_for_another_machine_is_refused(tmp_path):
    authority, context = make_authority(tmp_path, host="127.0.0.9")
    trusting = ssl.create_default_context(cafile=str(authority))
    office = PostOffice()
    with open_office(office, tls_context=context) as plain:
        transport = replace(plain, security="starttls", context=trusting, timeout=5)
        with pytest.raises(DeliveryFailed):
            transport.deliver(INVITATION)
    assert not office.arrived
