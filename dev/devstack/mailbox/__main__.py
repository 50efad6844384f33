"""`python -m devstack.mailbox`: take mail and show it."""

from devstack.mailbox.serve import main

main()
