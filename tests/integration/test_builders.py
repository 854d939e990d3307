"""The small world stands, readable and encrypted."""

from app.infra import crypto
from app.infra.db import reading
from app.models import Section
from tests import builders


def test_the_small_world_opens_its_texts(app):
    world = builders.small_world(open_papers=True)
    with reading() as session:
        stored = session.get(Section, world.sections["reason"].id)
        sealed = crypto.Sealed(stored.text_ct, builders.section_binding(stored.id))
    assert b"Kanarie" not in (sealed.ciphertext or b"")
    assert crypto.unseal(sealed) == "Kanarieaanleiding"
