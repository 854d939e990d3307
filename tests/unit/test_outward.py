"""The product asks nobody inside: whatever is typed, and wherever a name leads."""

import socket

import pytest

from app.infra import outward
from app.infra.outward import OutwardError, OutwardFault

INSIDE = (
    "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "::", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255",
    "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::a00:1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
)  # fmt: skip
OUTSIDE = ("145.100.1.1", "2a02:58::1", "::ffff:145.100.1.1")


@pytest.fixture(autouse=True)
def in_earnest():
    """As in production: this machine itself may not be asked."""
    before = outward._House.allows_loopback
    outward.set_up(allows_loopback=False)
    yield
    outward.set_up(allows_loopback=before)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_never_asked(address: str) -> None:
    assert not outward.may_be_asked(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_may_be_asked(address: str) -> None:
    assert outward.may_be_asked(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost"],
)  # fmt: skip
def test_no_way_to_write_it_gets_round(host: str) -> None:
    with pytest.raises(OutwardError) as refused:
        outward.fetch_json(f"https://{host}/")
    assert refused.value.fault is OutwardFault.INSIDE


@pytest.mark.parametrize("url", ["http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https//x"])  # fmt: skip
def test_only_https_is_asked(url: str) -> None:
    with pytest.raises(OutwardError) as refused:
        outward.fetch_json(url)
    assert refused.value.fault is OutwardFault.NOT_HTTPS


def test_a_name_that_leads_inside_as_well_is_not_asked(monkeypatch) -> None:
    """All addresses of a name are looked at, and the one looked at is the one that is called."""
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("145.100.1.1", "10.0.0.1")]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: both)
    called = []
    monkeypatch.setattr(outward, "create_connection", lambda *given: called.append(given))
    with pytest.raises(OutwardError) as refused:
        outward.fetch_json("https://inloggen.example/")
    assert (refused.value.fault, called) == (OutwardFault.INSIDE, [])


def test_the_address_that_was_looked_at_is_called(monkeypatch) -> None:
    """A name that leads elsewhere a moment later gains nothing."""
    asked = []

    def resolve(host, *_args, **_more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("145.100.1.1", 443))]

    called = []

    def connect(to, *_more):
        called.append(to)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(outward, "create_connection", connect)
    with pytest.raises(OutwardError) as refused:
        outward.fetch_json("https://inloggen.example/")
    assert refused.value.fault is OutwardFault.SILENT
    assert (asked, called) == (["inloggen.example"], [("145.100.1.1", 443)])


def test_plain_http_to_this_machine_is_for_tests_and_the_demo(monkeypatch) -> None:
    outward.set_up(allows_loopback=True)
    assert outward.may_be_asked("127.0.0.1")
    outside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("145.100.1.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: outside)
    with pytest.raises(OutwardError) as refused:
        outward.fetch_json("http://inloggen.example/")
    assert refused.value.fault is OutwardFault.INSIDE
