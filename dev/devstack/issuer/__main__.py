"""`python -m devstack.issuer`: serve the development issuer."""

from devstack.issuer.app import serve

serve()
