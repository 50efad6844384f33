"""The settings of a run, exported to every process: what an operator would set by hand."""

from collections.abc import Mapping

from devstack.run.folder import SERVICES, RunFolder

LOOPBACK = "http://127.0.0.1"


def addresses_of(ports: Mapping[str, int], amqp: str, postgres: str) -> dict[str, str]:
    """Return where everything listens, by the names others use (`.run/addresses.json`)."""
    pages = ("portal", *SERVICES, "issuer", "mailbox")
    found = {name: f"{LOOPBACK}:{ports[name]}" for name in pages}
    return {
        **found,
        "smtp": f"smtp://127.0.0.1:{ports['smtp']}",
        "amqp": amqp,
        "postgres": postgres,
    }


def environment_of(
    folder: RunFolder, addresses: Mapping[str, str], ports: Mapping[str, int],
    databases: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """Return the environment variables of all our processes."""
    secrets = folder.secrets()
    run = folder.path.resolve()
    shared = {
        "NHIP_ENVIRONMENT": "development",
        "RABBITMQ_URL": addresses["amqp"],
        "OIDC_ISSUER": addresses["issuer"],
        "SMTP_URL": addresses["smtp"],
        "MAIL_HOURS": "always",
        "PUBLIC_BASE_URL": addresses["portal"],
        "PORTAL_URL": addresses["portal"],
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
    each = {f"{name.upper()}_URL": addresses[name] for name in SERVICES}
    own_ports = {f"{name.upper()}_PORT": str(ports[name]) for name in (*SERVICES, "portal")}
    own_data = {f"{name.upper()}_DATABASE_URL": url for name, url in databases.items()}
    return {**shared, **each, **own_ports, **own_data}
