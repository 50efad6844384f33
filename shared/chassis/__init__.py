"""How the services say it: outbox, inbox, catching up, web, access. No business noun."""
