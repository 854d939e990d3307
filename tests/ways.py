"""The ways of signing in, each of one person who walks the pages: at the door, anew, lost, invited."""

import json
import re
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import select, update

from app.domain.kinds import SignInMethod
from app.infra import outbox
from app.infra.db import transaction
from app.models import LinkedIdentity, Person
from tests import accounts, builders, providers
from tests.accounts import PASSWORD, code
from tests.authenticator import Authenticator
from tests.providers import address_in, right

AT_HOME = "a.devries@politie.example"
ONE_FACTOR = {"claims": {"acr": "password", "amr": ["pwd"]}}


class Way:
    """One way of signing in, of one person; a visitor of its own for each walk."""

    method = SignInMethod.PASSWORD

    def __init__(self, *, server, police, visitor, clock, mails):
        self.server, self.police, self.visitor = server, police, visitor
        self.clock, self.mails = clock, mails
        self.device = Authenticator(visitor().base_url)
        self.secret = accounts.SECRET
        self.set_up()

    def set_up(self):
        """What has to be there before anybody of this way is."""

    def has(self, **more):
        """Somebody who signs in this way already."""
        self.who = accounts.enrolled(self.police, email=AT_HOME, **more)
        self.changes()

    def changes(self):
        """What this person has otherwise than a password and an app."""

    def is_invited(self, **more):
        """Somebody who has nothing yet but a link."""
        self.who, self.token = accounts.invited(self.police, email=AT_HOME, **more)

    def a_code(self):
        """The code of the app; one of before works no more."""
        self.clock.advance(timedelta(seconds=30))
        return code(self.secret)

    def signs(self, visitor, path, action):
        """Press the button of the passkey on a page; gives the answer."""
        return self._pressed(visitor, path, action, self.device.signed)

    def makes(self, visitor, path, action):
        """Make a passkey on a page; gives the answer."""
        return self._pressed(visitor, path, action, self.device.made, name="telefoon")

    def _pressed(self, visitor, path, action, does, **fields):
        visitor.page(path)
        options = json.loads(visitor.send(f"{action}/asked").text)
        return visitor.fill(path, {"answer": does(options), **fields}, action=action)

    def a_new_device(self):
        self.device = Authenticator(self.device.origin)

    def comes_in(self, visitor, path="/sign-in"):
        """From the sign-in page to the end; gives the last answer."""
        raise NotImplementedError

    def proves(self, visitor, path):
        """From the page that asks who is there; gives the last answer."""
        raise NotImplementedError

    def opens(self, visitor):
        """From the invitation to being in."""
        raise NotImplementedError

    def recovers(self, visitor):
        """Having lost what this way takes: come in and have it again."""
        raise NotImplementedError

    def by_password(self, visitor, path="/sign-in"):
        step = accounts.pass_password(visitor, self.who, path=path)
        assert led(step).startswith("/sign-in/code"), step.text
        return step.location

    def by_recovery_code(self, visitor, made, step):
        asked = f"{step}{'&' if '?' in step else '?'}recovery=1"
        return visitor.fill(asked, {"code": made}, action="")


class PasswordAndApp(Way):
    def comes_in(self, visitor, path="/sign-in"):
        return visitor.fill(self.by_password(visitor, path), {"code": self.a_code()})

    def proves(self, visitor, path):
        typed = {"current_password": PASSWORD, "code": self.a_code()}
        return visitor.fill(path, typed, action="")

    def opens(self, visitor):
        visitor.fill(f"/welcome/{self.token}", {"new_password": PASSWORD})
        self.enrols(visitor)

    def enrols(self, visitor):
        page = visitor.page("/sign-in/enrol")
        self.secret = page.text.split("Sleutel: ")[1].split("Code uit")[0].replace(" ", "")
        assert visitor.fill("/sign-in/enrol", {"code": self.a_code()}).status_code == 200
        assert "Bewaar uw herstelcodes" in visitor.last.text

    def recovers(self, visitor):
        made = accounts.recovery_code(self.who)
        answer = self.by_recovery_code(visitor, made, self.by_password(visitor))
        assert answer.location == "/"
        # Without the app a passkey takes its place.
        assert self.makes(visitor, "/passkeys", "/passkeys").status_code == 303
        again = self.visitor()
        assert self.signs(again, self.by_password(again), "/sign-in/code/passkey").location == "/"


class PasswordAndPasskey(Way):
    method = SignInMethod.PASSKEY

    def changes(self):
        key_for(self)

    def comes_in(self, visitor, path="/sign-in"):
        return self.signs(visitor, self.by_password(visitor, path), "/sign-in/code/passkey")

    def proves(self, visitor, path):
        return self.signs(visitor, path, "/step-up/passkey")

    def opens(self, visitor):
        visitor.fill(f"/welcome/{self.token}", {"new_password": PASSWORD})
        assert self.makes(visitor, "/sign-in/enrol", "/sign-in/enrol/passkey").status_code == 200
        assert "Bewaar uw herstelcodes" in visitor.last.text

    def recovers(self, visitor):
        made = accounts.recovery_code(self.who)
        answer = self.by_recovery_code(visitor, made, self.by_password(visitor))
        assert answer.location == "/"
        self.a_new_device()
        assert self.makes(visitor, "/passkeys", "/passkeys").status_code == 303
        assert self.comes_in(self.visitor()).location == "/"


class PasskeyAlone(PasswordAndPasskey):
    def changes(self):
        key_for(self, password_hash=None)

    def comes_in(self, visitor, path="/sign-in"):
        return self.signs(visitor, path, "/sign-in/passkey")

    def opens(self, visitor):
        path = f"/welcome/{self.token}"
        assert self.makes(visitor, path, f"{path}/passkey").status_code == 200
        assert "Bewaar uw herstelcodes" in visitor.last.text

    def recovers(self, visitor):
        """By a link to the mailbox and a recovery code; the link alone opens nothing."""
        made = accounts.recovery_code(self.who)
        assert visitor.fill("/sign-in/recovery", {"email": AT_HOME}).location == "/sign-in"
        outbox.drain(most=100)
        sent = " ".join(mail.text for mail in self.mails(recipient=AT_HOME))
        link = re.search(r"/sign-in/recovery/[\w-]+", sent)[0]
        visitor.page(link)
        assert visitor.get("/sessions").status_code == 303
        assert visitor.fill(link, {"code": made}).location == "/passkeys"
        self.a_new_device()
        assert self.makes(visitor, "/passkeys", "/passkeys").status_code == 303
        assert self.comes_in(self.visitor()).location == "/"


class Provider(Way):
    method = SignInMethod.PROVIDER
    told: ClassVar = {}

    def set_up(self):
        self.subject = "sub-1"
        self.provider = providers.set_up(self.server, self.police)

    def changes(self):
        left_with(self.who, password_hash=None, totp_ct=None, totp_last_step=0)
        self.link = providers.linked(self.who, self.provider, self.subject)

    def there_and_back(self, visitor, address):
        self.server.says(**right(sub=self.subject, email=AT_HOME, **self.told))
        return visitor.get(self.server.back_at(address))

    def at_home(self, visitor, path="/sign-in"):
        """To the sign-in page of the organisation and back; gives the answer there."""
        visitor.page(path)
        link = next(one for one in visitor.last.links if one.startswith("/sign-in/organisation"))
        return self.there_and_back(visitor, providers.sent_to(visitor, AT_HOME, path=link))

    def comes_in(self, visitor, path="/sign-in"):
        return self.at_home(visitor, path)

    def proves(self, visitor, path):
        sent = visitor.fill(path, action="/step-up/organisation")
        return self.there_and_back(visitor, address_in(sent))

    def opens(self, visitor):
        assert self.comes_in(visitor).location == "/"

    def recovers(self, visitor):
        """At the organisation; one that knows the person anew is believed once an administrator is."""
        self.subject = "sub-2"
        assert self.comes_in(visitor).status_code == 403
        office = self.visitor().sign_in(builders.person(self.police, is_administrator=True).id)
        path = f"/admin/providers/{self.provider.id}"
        office.page(path)
        assert office.send(f"{path}/links/{self.link.id}/end").status_code == 303
        assert self.comes_in(visitor).location == "/"
        with transaction() as session:
            live = select(LinkedIdentity.subject).where(LinkedIdentity.ended_at.is_(None))
            assert session.scalars(live).all() == ["sub-2"]


class ProviderThenApp(Provider):
    """There a password was enough: then our app is the second step."""

    told: ClassVar = ONE_FACTOR

    def changes(self):
        left_with(self.who, password_hash=None)
        self.link = providers.linked(self.who, self.provider, self.subject)

    def comes_in(self, visitor, path="/sign-in"):
        return visitor.fill(self.half_way(visitor, path), {"code": self.a_code()})

    def half_way(self, visitor, path="/sign-in"):
        step = self.at_home(visitor, path)
        assert led(step).startswith("/sign-in/code"), step.text
        assert visitor.get("/sessions").status_code == 303
        return step.location

    def proves(self, visitor, path):
        step = super().proves(visitor, path)
        assert led(step) == path, "half a proof"
        assert visitor.get(path.partition("next=")[2]).status_code == 303
        assert "Vul nu de code uit uw app in" in visitor.page(path).text
        return visitor.fill(path, {"code": self.a_code()}, action="/step-up/code")

    opens_second = PasswordAndApp.enrols

    def opens(self, visitor):
        assert self.at_home(visitor).location == "/sign-in/enrol"
        self.opens_second(visitor)

    def recovers(self, visitor):
        made = accounts.recovery_code(self.who)
        assert self.by_recovery_code(visitor, made, self.half_way(visitor)).location == "/"
        assert self.makes(visitor, "/passkeys", "/passkeys").status_code == 303
        again = self.visitor()
        assert self.signs(again, self.half_way(again), "/sign-in/code/passkey").location == "/"


class ProviderThenPasskey(ProviderThenApp):
    """There a password was enough: then our passkey is the second step."""

    def changes(self):
        key_for(self, password_hash=None)
        self.link = providers.linked(self.who, self.provider, self.subject)

    def comes_in(self, visitor, path="/sign-in"):
        return self.signs(visitor, self.half_way(visitor, path), "/sign-in/code/passkey")

    proves = PasswordAndPasskey.proves

    def opens_second(self, visitor):
        assert self.makes(visitor, "/sign-in/enrol", "/sign-in/enrol/passkey").status_code == 200

    def recovers(self, visitor):
        made = accounts.recovery_code(self.who)
        assert self.by_recovery_code(visitor, made, self.half_way(visitor)).location == "/"
        self.a_new_device()
        assert self.makes(visitor, "/passkeys", "/passkeys").status_code == 303
        assert self.comes_in(self.visitor()).location == "/"


def led(answer):
    """Where an answer leads; nowhere for a page that says no."""
    return answer.location or ""


def left_with(who, **values):
    """What somebody has otherwise than `accounts.enrolled` made it."""
    with transaction() as session:
        session.execute(update(Person).where(Person.id == who.id).values(**values))


def key_for(way, **more):
    """A key in place of the app, made on the page of one's own keys."""
    owner = way.visitor().sign_in(way.who.id)
    assert way.makes(owner, "/passkeys", "/passkeys").status_code == 303
    left_with(way.who, totp_ct=None, totp_last_step=0, **more)


WAYS = [
    PasswordAndApp, PasswordAndPasskey, PasskeyAlone, Provider, ProviderThenApp, ProviderThenPasskey,
]  # fmt: skip
