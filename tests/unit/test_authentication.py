"""Whose word counts about who sent a mail: the own server's, read strictly, and nobody else's."""

import pytest

from app.infra.authentication import has_dmarc_pass

PASS = "mx.own.example; dmarc=pass (p=none) header.from=pol.example"

GOOD = {
    "opendmarc": [PASS],
    "all in one": ['mx.own.example; spf=pass smtp.mailfrom=pol.example; dkim=pass (2048-bit; key) header.d=pol.example header.b="a;b/c"; dmarc=pass (p=QUARANTINE dis=NONE) header.from=pol.example'],
    "version and capitals": ["MX.Own.example 1; DMARC=Pass header.from=POL.example"],
    "results over two headers": ["mx.own.example; spf=fail smtp.mailfrom=x.example", PASS],
    "a reason": ['mx.own.example; dmarc=pass reason="all (is) well; really" header.from=pol.example'],
    "below it another server's": [PASS, "mx.elders.example; dmarc=fail header.from=pol.example"],
}  # fmt: skip

BAD = {
    "none at all": [],
    "fail": ["mx.own.example; dmarc=fail header.from=pol.example"],
    "none": ["mx.own.example; none"],
    "spf alone": ["mx.own.example; spf=pass smtp.mailfrom=pol.example"],
    "another server": [PASS.replace("own", "elders")],
    "another server on top": ["mx.elders.example; spf=pass smtp.mailfrom=x", PASS],
    "a name that only begins alike": [PASS.replace("own.example", "own.example.elders.example")],
    "another domain": [PASS.replace("pol.example", "elders.example")],
    "no domain": ["mx.own.example; dmarc=pass"],
    "fail above a forged pass": ["mx.own.example; dmarc=fail header.from=pol.example", PASS],
    "pass above a fail": [PASS, "mx.own.example; dmarc=fail header.from=pol.example"],
    "in a comment": ["mx.own.example (; dmarc=pass header.from=pol.example); spf=none"],
    "in a quoted value": ['mx.own.example; spf=none reason="; dmarc=pass header.from=pol.example"'],
    "brackets that do not pair": ["mx.own.example; dmarc=pass (header.from=pol.example"],
    "not even a list": ["mx.own.example dmarc=pass header.from=pol.example"],
    "an unknown version": ["mx.own.example 2; dmarc=pass header.from=pol.example"],
    "far too long": [PASS + "; x=y" * 3_000],
    "far too many": [PASS] * 21,
    "no name": ["; dmarc=pass header.from=pol.example"],
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_pass_of_the_own_server_is_believed(name: str) -> None:
    assert has_dmarc_pass(GOOD[name], authserv_id="mx.own.example", domain="pol.example")


@pytest.mark.parametrize("name", BAD)
def test_nothing_else_is(name: str) -> None:
    assert not has_dmarc_pass(BAD[name], authserv_id="mx.own.example", domain="pol.example")


def test_without_the_server_s_name_nobody_is_believed() -> None:
    assert not has_dmarc_pass([PASS], authserv_id=None, domain="pol.example")
    assert not has_dmarc_pass([PASS], authserv_id="mx.own.example", domain="")
