"""What was published once can be read for ever, and what is declared is used."""

import json
import re
from pathlib import Path

import pytest
import yaml

from contract_files import generate
from contract_files.asyncapi import asyncapi
from contract_files.breaking import breaking_changes
from contracts.catalogue import declared, event_class
from contracts.envelope import Envelope

CONTRACTS = Path(__file__).parents[2] / "shared/contracts"
EXAMPLES = sorted((CONTRACTS / "examples").glob("*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_message_ever_published_can_still_be_read(path):
    envelope = Envelope.model_validate_json(path.read_text())
    event = event_class(envelope.type).model_validate(envelope.data)
    assert (event.subject, event.version) == (envelope.subject, envelope.aggregateversion)


def test_every_declared_type_has_an_example():
    assert {path.stem for path in EXAMPLES} == set(declared())


def test_everything_generated_is_what_is_committed_and_every_type_has_a_consumer():
    assert generate(check=True) == []


def test_an_added_optional_field_breaks_nobody():
    old = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    new = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}
    assert breaking_changes(old, new) == []


@pytest.mark.parametrize(
    "new",
    [
        {"properties": {}, "required": []},
        {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
        {"properties": {"a": {"type": "string"}}, "required": []},
    ],
    ids=["removed", "retyped", "no longer required"],
)
def test_a_change_that_readers_trip_over_is_named(new):
    old = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    assert breaking_changes(old, json.loads(json.dumps(new)))


def test_the_values_of_a_field_may_grow_where_only_our_services_read_it():
    old = {"properties": {"lane": {"type": "string", "enum": ["a"]}}}
    more = {"properties": {"lane": {"type": "string", "enum": ["a", "b"]}}}

    assert breaking_changes(old, more, internal=True) == []
    assert breaking_changes(old, more) != []
    assert breaking_changes(more, old, internal=True) != []


def test_what_other_systems_read_of_the_events_names_every_public_one_and_no_internal_one():
    described = yaml.safe_load(asyncapi())
    named = {message["name"] for message in described["components"]["messages"].values()}
    assert named == {name for name, event in declared().items() if event.audience == "public"}
    assert all(server["security"] for server in described["servers"].values())
    assert "internal" not in asyncapi()
    for reference in re.findall(r"\$ref: ['\"]?(#[^\s'\"]+)", asyncapi()):
        place = described
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
