"""Measures against what lost points: proposed by units, accepted by the Office."""
