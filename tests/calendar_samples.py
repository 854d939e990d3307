"""One invitation with its update and withdrawal, and the mail that carries it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.domain.local_time import AMSTERDAM
from app.infra.ics import Invite, render_invitation
from app.infra.mail import OutgoingMail

ORGANISER = "overleg+d4vyq2m7tkw3hzc6ub5nexa2sj@casustafel.example"
UID = "0b9f7a4e-3c52-4d0e-9a41-6f1f2f5f7c11"

REQUEST = Invite(
    uid=UID,
    sequence=0,
    stamp=datetime(2027, 3, 1, 9, 0, tzinfo=UTC),
    starts_at=datetime(2027, 3, 27, 13, 0, tzinfo=AMSTERDAM),
    ends_at=datetime(2027, 3, 27, 13, 40, tzinfo=AMSTERDAM),
    summary="Overleg (Casustafel)",
    description="Uw tijdslot in een overleg. Meld u aan voor de stukken:\nhttps://casustafel.example",
    location="Zie de uitnodiging na aanmelden; één ingang, tweede deur",
    organiser_address=ORGANISER,
    organiser_name="Casustafel",
    sender_address=ORGANISER,
    recipient_address="b.mulder@pol.example",
    recipient_name="Bram Mulder",
    method="REQUEST",
)
UPDATE = replace(
    REQUEST,
    sequence=1,
    starts_at=datetime(2027, 3, 28, 13, 0, tzinfo=AMSTERDAM),
    ends_at=datetime(2027, 3, 28, 13, 40, tzinfo=AMSTERDAM),
)
FIXED_FROM = replace(REQUEST, sender_address="overleg@casustafel.example")
CANCEL = replace(UPDATE, sequence=2, method="CANCEL")
# Asked again after a withdrawal: clients do not take back an entry they threw away, so a new UID.
REINVITE = replace(UPDATE, uid="6a1c2f0e-9d7b-4a53-8f26-1b7c0d3e5a94", sequence=0)
# A deputy gets an entry of its own; whoever is replaced gets the CANCEL above.
DEPUTY = replace(
    UPDATE,
    uid="c47e1d92-5b3a-4f60-9e8d-2a6b7c8d9e0f",
    sequence=0,
    recipient_address="d.visser@pol.example",
    recipient_name="Daan Visser",
)

INVITATION = OutgoingMail(
    to="b.mulder@pol.example",
    to_name="Bram van ’t Hof",
    sender="overleg@casustafel.example",
    sender_name="Casustafel",
    reply_to="antwoord@casustafel.example",
    subject="Uitnodiging overleg 27-03 13.00 – één tijdslot",
    text="U bent uitgenodigd.\n.\nMeld u aan: https://casustafel.example\n",
    html="<p>U bent <strong>uitgenodigd</strong> – één.</p>\n",
    message_id="<3b1e.7f0a@casustafel.example>",
    ics=render_invitation(REQUEST),
    ics_method="REQUEST",
)
