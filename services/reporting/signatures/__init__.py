"""Signatures in signed copies, under the roots that the administrator of tasks trusts."""
