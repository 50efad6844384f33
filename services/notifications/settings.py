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
