"""Asking a server elsewhere: a short time, little text, no redirects, and no inside addresses.

The address a name leads to is looked at where the connection is made, so that a name that leads
elsewhere a moment later gains nothing. Loopback is allowed where no real people are, for tests.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

SECONDS_TO_CONNECT: Final = 4.0
SECONDS_TO_ANSWER: Final = 6.0
MOST_SECONDS: Final = 10.0
MOST_BYTES: Final = 256 * 1024
# Addresses that lead to an inside one by way of translation.
_TRANSLATED: Final = tuple(
    ipaddress.ip_network(one) for one in ("64:ff9b::/96", "2002::/16", "2001::/32")
)


class OutwardFault(StrEnum):
    """What went wrong on the way."""

    CERTIFICATE = "certificate"
    INSIDE = "inside"
    NAME = "name"
    NOT_HTTPS = "not-https"
    NO_JSON = "no-json"
    SENDS_ON = "sends-on"
    SILENT = "silent"
    STATUS = "status"
    TOO_LONG = "too-long"
    TOO_SLOW = "too-slow"


class OutwardError(Exception):
    """Nothing usable came back; ``fault`` says what went wrong, with no content."""

    def __init__(self, fault: OutwardFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class _House:
    """Whether this machine itself may be asked; set once by the application factory."""

    allows_loopback = False


def set_up(*, allows_loopback: bool) -> None:
    """Say whether loopback addresses and plain http to them may be asked: never in production."""
    _House.allows_loopback = allows_loopback


def may_be_asked(address: str) -> bool:
    """Whether an address is out on the internet, or this machine where that is allowed."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return _House.allows_loopback
    translated = any(found.version == net.version and found in net for net in _TRANSLATED)
    return found.is_global and not found.is_multicast and not translated


def _connect(host: str, port: int, *, only_loopback: bool) -> socket.socket:
    """A connection to the first address of a name, after looking at all of them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutwardError(OutwardFault.NAME) from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        loopback = ipaddress.ip_address(address.partition("%")[0]).is_loopback
        if not may_be_asked(address) or (only_loopback and not loopback):
            raise OutwardError(OutwardFault.INSIDE)
    fault: OSError = OSError("no address")
    for address in addresses:
        try:
            return create_connection((address, port), SECONDS_TO_CONNECT)
        except OSError as error:
            fault = error
    raise OutwardError(OutwardFault.SILENT) from fault


class _Checked(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or self.default_port, only_loopback=False)


class _CheckedPlain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect(self.host, self.port or self.default_port, only_loopback=True)


class _CheckedPool(HTTPSConnectionPool):
    ConnectionCls = _Checked


class _CheckedPlainPool(HTTPConnectionPool):
    ConnectionCls = _CheckedPlain


class _Adapter(HTTPAdapter):
    """Sends a request within the limits of this module; raises OutwardError."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the base
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"https": _CheckedPool, "http": _CheckedPlainPool}

    def send(
        self,
        request: requests.PreparedRequest,
        *_args: Any,  # noqa: ANN401 - as the base
        **more: Any,  # noqa: ANN401 - as the base
    ) -> requests.Response:
        """Answer with the whole text read; no proxy, no redirect, whatever was asked for."""
        until = time.monotonic() + MOST_SECONDS
        try:
            answer = super().send(
                request,
                stream=True,
                timeout=(SECONDS_TO_CONNECT, SECONDS_TO_ANSWER),
                verify=more.get("verify", True),
            )
            with answer:
                if answer.is_redirect or answer.is_permanent_redirect:
                    raise OutwardError(OutwardFault.SENDS_ON)
                text = b"".join(_parts(answer, until))
        except requests.exceptions.SSLError:
            raise OutwardError(OutwardFault.CERTIFICATE) from None
        except (requests.RequestException, OSError, ValueError) as error:
            raise OutwardError(OutwardFault.SILENT) from error
        answer._content = text  # noqa: SLF001 - what reading the whole answer sets
        return answer


def _parts(answer: requests.Response, until: float) -> Iterator[bytes]:
    read = 0
    for part in answer.iter_content(16 * 1024):
        read += len(part)
        if read > MOST_BYTES:
            raise OutwardError(OutwardFault.TOO_LONG)
        if time.monotonic() > until:
            raise OutwardError(OutwardFault.TOO_SLOW)
        yield part


def guard(session: requests.Session) -> None:
    """Have every request of a session keep to the limits; plain http to loopback only."""
    session.trust_env = False
    session.adapters.clear()
    session.mount("https://", _Adapter(max_retries=0))
    if _House.allows_loopback:
        session.mount("http://", _Adapter(max_retries=0))


def fetch_json(url: str) -> dict[str, Any]:
    """What stands at an address, as an object. Raises OutwardError."""
    with requests.Session() as session:
        guard(session)
        try:
            answer = session.get(url, headers={"Accept": "application/json"})
        except requests.RequestException:  # an address of another kind than https
            raise OutwardError(OutwardFault.NOT_HTTPS) from None
    if answer.status_code != requests.codes.ok:
        raise OutwardError(OutwardFault.STATUS)
    return as_object(answer)


def as_object(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises OutwardError."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OutwardError(OutwardFault.NO_JSON)
    return found
