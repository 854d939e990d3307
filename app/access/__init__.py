"""Need-to-know: who may see and do what; nothing else in the product decides.

The only package that selects protected models. Start a list from ``scopes``, get one object from
``load_*``, read text through ``disclosure``, and record it with ``audit`` in the same transaction.
"""

from app.access import audit, checks, disclosure, scopes
from app.access.actor import Actor, load_actor
from app.access.loaders import (
    LoadedAction,
    LoadedItem,
    LoadedSeat,
    LoadedSection,
    OwnRequest,
    OwnSeat,
    hold_own_seat,
    load_case,
    load_decision,
    load_item,
    load_managed,
    load_meeting,
    load_own_action,
    load_own_meeting,
    load_own_request,
    load_own_seat,
    load_seat,
    load_section,
    load_staff_action,
    load_staff_table,
    possible_occupants,
)
from app.access.permissions import Audience, Permission, audience_of

__all__ = [
    "Actor",
    "Audience",
    "LoadedAction",
    "LoadedItem",
    "LoadedSeat",
    "LoadedSection",
    "OwnRequest",
    "OwnSeat",
    "Permission",
    "audience_of",
    "audit",
    "checks",
    "disclosure",
    "hold_own_seat",
    "load_actor",
    "load_case",
    "load_decision",
    "load_item",
    "load_managed",
    "load_meeting",
    "load_own_action",
    "load_own_meeting",
    "load_own_request",
    "load_own_seat",
    "load_seat",
    "load_section",
    "load_staff_action",
    "load_staff_table",
    "possible_occupants",
    "scopes",
]
