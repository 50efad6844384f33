"""Proof that the figures are right, and how they are mended."""
