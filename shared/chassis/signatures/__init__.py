"""Signatures in PDF files: what they say, checked under roots that the service trusts."""
