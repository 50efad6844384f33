"""Signatures in PDF files: what they say, and the roots an administrator trusts."""
