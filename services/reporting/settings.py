"""Settings of the reporting service."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.service import OwnSettings


class Settings(OwnSettings):
    """Environment variables `REPORTING_*`. A missing one stops the process at start."""

    model_config = SettingsConfigDict(env_prefix="REPORTING_", extra="ignore")

    database_url: str
    port: int = 8004
    files_url: str = Field(validation_alias="FILES_URL")
    smtp_url: SecretStr = Field(validation_alias="SMTP_URL")
    mail_from: str = Field("Nhịp CCHC <nhip-cchc@localhost>", validation_alias="MAIL_FROM")
