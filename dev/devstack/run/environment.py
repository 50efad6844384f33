"""The settings of a run, exported to every process: what an operator would set by hand."""

import os
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

from devstack.run.folder import SERVICES, RunFolder

LOOPBACK = "http://127.0.0.1"
PARTNERS = "partners"  # the virtual host for other systems, on a broker of our own


def addresses_of(
    ports: Mapping[str, int], amqp: str, postgres: str, broker_admin: str = ""
) -> dict[str, str]:
    """Return where everything listens, by the names others use (`.run/addresses.json`).

    `partner`: the page of the demo's partner, where there is one. `broker_admin`: the management
    API of a broker on which we may make users; only there other systems have queues, at
    `amqp_partners`, each with its own user.
    """
    pages = ("portal", *SERVICES, "issuer", "mailbox", *(["partner"] if "partner" in ports else []))
    found = {name: f"{LOOPBACK}:{ports[name]}" for name in pages}
    return {
        **found,
        "smtp": f"smtp://127.0.0.1:{ports['smtp']}",
        "amqp": amqp,
        "postgres": postgres,
        "broker_admin": broker_admin,
        "amqp_partners": _of_partners(amqp) if broker_admin else "",
    }


def _of_partners(amqp: str) -> str:
    parts = urlsplit(amqp)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host, path=f"/{PARTNERS}"))


def environment_of(
    folder: RunFolder, addresses: Mapping[str, str], ports: Mapping[str, int],
    databases: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """Return the environment variables of all our processes."""
    secrets = folder.secrets()
    run = folder.path.resolve()
    shared = {
        "NHIP_ENVIRONMENT": "development",
        "OIDC_ISSUER": addresses["issuer"],
        "SMTP_URL": addresses["smtp"],
        "MAIL_HOURS": "always",
        "PUBLIC_BASE_URL": addresses["portal"],
        "PORTAL_URL": addresses["portal"],
        "SURVEYS_PUBLIC_URL": addresses["surveys"],
        "FILES_URL": (run / "files").as_uri(),
        "SERVICE_CLIENT_SECRET": secrets["service_client_secret"],
        "TICKET_SECRET": secrets["ticket_secret"],
        "CURSOR_SECRET": secrets["cursor_secret"],
        "SESSION_SECRET": secrets["session_secret"],
        "ISSUER_PORT": str(ports["issuer"]),
        "ISSUER_KEY_FILE": str(run / "issuer_key.json"),
        "MAILBOX_PORT": str(ports["mailbox"]),
        "MAILBOX_SMTP_PORT": str(ports["smtp"]),
        "MAILBOX_FILE": str(run / "mailbox.sqlite"),
    }
    if "partner" in addresses:  # a program of others, on this machine
        partner = addresses["partner"].removeprefix("http://")
        shared["WEBHOOK_ALLOWED"] = ", ".join([partner, *_given("WEBHOOK_ALLOWED")])
    each = {f"{name.upper()}_URL": addresses[name] for name in SERVICES}
    own_ports = {f"{name.upper()}_PORT": str(ports[name]) for name in (*SERVICES, "portal")}
    own_data = {f"{name.upper()}_DATABASE_URL": url for name, url in databases.items()}
    return {**shared, **each, **own_ports, **own_data, **broker_of(addresses, secrets, SERVICES)}


def _given(name: str) -> list[str]:
    """Return what whoever starts it adds to a setting of ours."""
    return [value] if (value := os.environ.get(name)) else []


def broker_of(
    addresses: Mapping[str, str], secrets: Mapping[str, str], services: Iterable[str]
) -> dict[str, str]:
    """Return the settings about the broker: a user per service where `migrate` may make them.

    On a broker that was given to us all services have its user.
    """
    admin, amqp = addresses["broker_admin"], addresses["amqp"]
    if not admin:
        return {"BROKER_USERS": "shared", **{f"{s.upper()}_RABBITMQ_URL": amqp for s in services}}
    own = {
        f"{service.upper()}_RABBITMQ_URL": signed_in_as(
            amqp, f"nhip_{secrets['installation']}_{service}", secrets[f"{service}_broker"]
        )
        for service in services
    }
    partners = {
        "PARTNERS_VHOST": PARTNERS,
        "PARTNERS_AMQP_URL": addresses["amqp_partners"],
        "PARTNERS_ADMIN_URL": admin,
    }
    return {"BROKER_USERS": "own", "RABBITMQ_ADMIN_URL": admin, **partners, **own}


def signed_in_as(url: str, user: str, password: str) -> str:
    """Return the URL with another user; both of letters, digits, - and _ only."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))
