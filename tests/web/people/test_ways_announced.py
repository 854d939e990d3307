"""Whatever changes how somebody comes in reaches that person and the staff of the tables."""

import json
import re

import pytest
from sqlalchemy import delete, select

from app.domain.kinds import AnnouncementKind, TableRoleName
from app.features.accounts.links import make_link
from app.infra import outbox
from app.infra.db import transaction
from app.models import Announcement, Passkey, Person, PowerfulChange
from tests import accounts, builders, providers
from tests.accounts import PASSWORD, code
from tests.authenticator import Authenticator
from tests.openid_provider import running

NEW_PASSWORD = "twee paarden in de regen"
CHANGED = AnnouncementKind.SIGN_IN_CHANGED


@pytest.fixture(scope="module")
def server():
    with running() as made:
        yield made


class Stage:
    """One person at one table, and what the changes need."""

    def __init__(self, world, new_client, server, mails):
        self.world, self.new_client, self.server = world, new_client, server
        self.mails, self.before = mails, set()
        self.who = accounts.enrolled(
            world.police_organisation, name="P. Sleutel", email="p.sleutel@politie.example"
        )
        builders.role(self.who, world.table, TableRoleName.REPRESENTATIVE)
        self.device = Authenticator(new_client().base_url)

    def forget(self):
        """What was told so far is not looked at."""
        with transaction() as session:
            session.execute(delete(Announcement))
        outbox.drain(most=200)
        self.before = {mail.name for mail in self.mails()}

    def letters(self):
        outbox.drain(most=200)
        return [mail for mail in self.mails() if mail.name not in self.before]

    def signed_in(self):
        return self.new_client().sign_in(self.who.id)

    def with_key(self):
        client = self.signed_in()
        client.page("/passkeys")
        options = json.loads(client.send("/passkeys/asked").text)
        client.send("/passkeys", {"name": "sleutel", "answer": self.device.made(options)})
        return client


@pytest.fixture
def stage(app, new_client, server, mails):
    return Stage(builders.small_world(), new_client, server, mails)


def passkey_added(stage):
    stage.with_key()


def passkey_ended(stage):
    client = stage.with_key()
    stage.forget()
    with transaction() as session:
        key = session.scalars(select(Passkey.id)).one()
    client.send(f"/passkeys/{key}/end")


def passkey_copied(stage):
    stage.with_key()
    stage.device.count = 4
    for _time in range(2):
        visitor = stage.new_client()
        visitor.page("/sign-in")
        options = json.loads(visitor.send("/sign-in/passkey/asked").text)
        visitor.send("/sign-in/passkey", {"answer": stage.device.signed(options)})
        stage.device.count = 1
        if _time == 0:
            stage.forget()


def app_replaced(stage):
    with transaction() as session:
        row = session.get_one(Person, stage.who.id)
        row.totp_ct, row.totp_last_step = None, 0
    client = stage.new_client()
    accounts.pass_password(client, stage.who)
    shown = client.page("/sign-in/enrol").text
    secret = shown.split("Sleutel: ")[1].split("Code uit")[0].replace(" ", "")
    assert client.fill("/sign-in/enrol", {"code": code(secret)}).status_code == 200


def codes_made_anew(stage):
    client = stage.signed_in()
    accounts.step_up(client, "/recovery-codes")
    assert client.fill("/recovery-codes").status_code == 200


def recovery_used(stage):
    spare = accounts.recovery_code(stage.who)
    visitor = stage.new_client()
    accounts.pass_password(visitor, stage.who)
    assert visitor.fill("/sign-in/code?recovery=1", {"code": spare}).status_code == 303


def password_changed(stage):
    form = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert stage.signed_in().fill("/password", form).status_code == 303


def password_by_link(stage):
    with transaction() as session:
        token = make_link(session, stage.who.id)
    visitor = stage.new_client()
    assert visitor.fill(f"/welcome/{token}", {"new_password": NEW_PASSWORD}).status_code == 303


def identity_linked(stage):
    providers.set_up(stage.server, stage.world.police_organisation)
    claims = {"email": stage.who.email, "email_verified": True}
    stage.server.says(**providers.right(claims=claims))
    answer = providers.sign_in(stage.new_client(), stage.server, email=stage.who.email)
    assert answer.status_code == 303, answer.text


def set_link(stage, verb):
    provider = providers.set_up(stage.server, stage.world.police_organisation)
    link = providers.linked(stage.who, provider)
    administrator = stage.new_client().sign_in(stage.world.administrator.id)
    page = f"/admin/providers/{provider.id}"
    administrator.page(page)
    for path in [f"{page}/links/{link.id}/{one}" for one in verb]:
        stage.forget()
        assert administrator.send(path).status_code == 303


def identity_ended(stage):
    set_link(stage, ["end"])


def identity_restored(stage):
    set_link(stage, ["end", "restore"])


CHANGES = {
    passkey_added: CHANGED,
    passkey_ended: CHANGED,
    passkey_copied: CHANGED,
    app_replaced: CHANGED,
    codes_made_anew: CHANGED,
    recovery_used: AnnouncementKind.RECOVERY_USED,
    password_changed: CHANGED,
    password_by_link: CHANGED,
    identity_linked: CHANGED,
    identity_ended: CHANGED,
    identity_restored: CHANGED,
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_every_change_reaches_the_person_and_the_staff_once(stage, change):
    stage.forget()
    change(stage)

    world, who = stage.world, stage.who
    letters = stage.letters()
    staff = {world.chair.email, world.coordinator.email}
    to_person = [mail for mail in letters if mail.to == who.email]
    to_staff = [mail.to for mail in letters if mail.to in staff]
    assert to_person, "the person hears of it"
    assert sorted(to_staff) == sorted(staff), "each of them once"
    assert not re.search("Sleutel|Politie", "".join(m.text for m in letters if m.to in staff))
    with transaction() as session:
        noted = session.scalars(select(Announcement)).all()
    assert [(one.kind, one.subject_id, one.table_id) for one in noted] == [
        (CHANGES[change], who.id, world.table.id)
    ]
    page = stage.new_client().sign_in(world.chair.id).page("/changes").text
    assert who.name in page


def test_a_reset_by_two_people_reaches_them_too(stage):
    stage.forget()
    administrator = stage.new_client().sign_in(stage.world.administrator.id)
    administrator.page(f"/admin/people/{stage.who.id}")
    administrator.send(f"/admin/people/{stage.who.id}/reset-factor")
    chair = stage.new_client().sign_in(stage.world.chair.id)
    with transaction() as session:
        change = session.scalars(select(PowerfulChange.id)).one()
    chair.page("/changes")
    chair.send(f"/changes/{change}", {"decision": "approve"})
    letters = stage.letters()
    assert stage.world.coordinator.email in {mail.to for mail in letters}
    own = [mail.subject for mail in letters if mail.to == stage.who.email]
    assert own.count("Er verandert iets aan uw account") == 2, "asked, and done"
