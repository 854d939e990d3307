"""A world with a case in every state, and visitors that fetch fast."""

import random
import uuid

import pytest

from tests import canaries


@pytest.fixture
def world(app, frozen_clock) -> canaries.Canaries:
    return canaries.build("D", frozen_clock)


@pytest.fixture
def quick(new_client):
    """Makes visitors that do not look at every page: these tests fetch thousands."""

    def make(person_id: uuid.UUID | None = None):
        client = new_client()
        client.checking = False
        parse = client._look_at
        # Reading a page back with a megabyte in every field takes the parser seconds.
        client._look_at = lambda answer: parse(answer) if len(answer.data) < 200_000 else None
        return client.sign_in(person_id) if person_id else client

    return make


@pytest.fixture
def some(deep):
    """Gives a few of many odd values, others at every call; all of them in the deep run."""
    choice = random.Random(1)
    return lambda values, count: values if deep else choice.sample(values, count)
