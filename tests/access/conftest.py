"""The running product with one thing of each kind per relation between a caller and its unit."""

import pytest
from tests.access.world import World


@pytest.fixture(scope="session")
def world(stack) -> World:
    """Callers of every role, and what they ask for."""
    return World(stack).furnish()
