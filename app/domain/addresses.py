"""Mail addresses and the domains an organisation's people have; it sends nothing."""

from __future__ import annotations

import re


def known_domains(text: str) -> tuple[str, ...]:
    """The domains in a text, in lower case, each once, in the order they were typed.

    >>> known_domains("Politie.nl, om.nl;politie.nl")
    ('politie.nl', 'om.nl')
    """
    words = re.split(r"[\s,;]+", text.strip().lower())
    return tuple(dict.fromkeys(word for word in words if word))


def is_at_home(address: str, domains: str) -> bool:
    """Whether an address is of one of these domains, or of a part of it; of none, it is not.

    >>> is_at_home("a.bakker@Utrecht.politie.nl", "politie.nl")
    True
    >>> is_at_home("a.bakker@nietpolitie.nl", "politie.nl")
    False
    """
    domain = address.rpartition("@")[2].strip().lower()
    return any(domain == one or domain.endswith(f".{one}") for one in known_domains(domains))
