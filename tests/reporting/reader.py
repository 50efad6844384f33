"""What somebody has who reads an explanation from the API: its JSON and nothing of our code."""

from chassis.words import Sentence
from reporting.explanations.domain import Explanation
from reporting.indices.nodes import node


def as_answered(explanation: Explanation) -> dict:
    """Return the JSON that leaves the service for an explanation."""
    return node(explanation, "vi").model_dump(mode="json")


def as_read(answer: dict) -> Explanation:
    """Return the explanation that an answer carries, for calculating it again; without results."""
    raw = answer["evaluation"]
    return Explanation(
        rule=raw["rule"], step=answer["step"], text=Sentence(answer["title"]), value=None,
        numbers=raw["numbers"], facts=raw["facts"],
        parts=tuple(as_read(child) for child in answer["children"]),
    )  # fmt: skip
