"""Environment variables `NOTIFICATIONS_*`, and the mail server's, which have no prefix."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.service import OwnSettings


class Settings(OwnSettings):
    """A missing one stops the process at start."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_", extra="ignore")

    port: int = 8003
    # smtp://user:password@host:port (STARTTLS when offered), smtps:// for TLS from the first byte
    smtp_url: SecretStr = Field(validation_alias="SMTP_URL")
    mail_from: str = Field("Nhịp CCHC <nhip-cchc@localhost>", validation_alias="MAIL_FROM")
    # Partners' queues: the virtual host for them (empty: none are offered), how it is reached from
    # outside, the management API for the clock alone, as an administrator; messages a queue holds.
    partners_vhost: str = Field("", validation_alias="PARTNERS_VHOST")
    partners_amqp_url: str = Field("", validation_alias="PARTNERS_AMQP_URL")
    partners_admin_url: SecretStr | None = Field(None, validation_alias="PARTNERS_ADMIN_URL")
    partners_queue_length: int = Field(50_000, gt=0, validation_alias="PARTNERS_QUEUE_LENGTH")
    # when mails that are not critical are sent: local time on working days, or "always"
    mail_hours: str = Field("07:00-17:00", validation_alias="MAIL_HOURS")
    # where webhooks may go besides https on port 443 of public addresses: hosts or networks with a
    # port, as 127.0.0.1:9100, 10.1.0.0/16, listener.lan:8443
    webhook_allowed: str = Field("", validation_alias="WEBHOOK_ALLOWED")
