"""The portal's settings; read only by `app.py` and `__main__.py`."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables. The portal needs no broker: it talks to the services over HTTP."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: SecretStr = Field(validation_alias="PORTAL_DATABASE_URL")
    session_secret: SecretStr = Field(validation_alias="SESSION_SECRET", min_length=16)
    oidc_issuer: str = Field(validation_alias="OIDC_ISSUER")
    oidc_client_id: str = Field("portal", validation_alias="OIDC_CLIENT_ID")
    oidc_client_secret: SecretStr | None = Field(None, validation_alias="PORTAL_CLIENT_SECRET")
    public_base_url: str = Field(validation_alias="PUBLIC_BASE_URL")
    portal_url: str = Field("", validation_alias="PORTAL_URL")
    tasks_url: str = Field(validation_alias="TASKS_URL")
    surveys_url: str = Field(validation_alias="SURVEYS_URL")
    notifications_url: str = Field(validation_alias="NOTIFICATIONS_URL")
    reporting_url: str = Field(validation_alias="REPORTING_URL")
    notifications_public_url: str = Field("", validation_alias="NOTIFICATIONS_PUBLIC_URL")
    environment: Literal["development", "production"] = Field(
        "production", validation_alias="NHIP_ENVIRONMENT"
    )
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL")
    host: str = Field("127.0.0.1", validation_alias="HOST")
    port: int = Field(8080, validation_alias="PORTAL_PORT")

    @property
    def address(self) -> str:
        """Where browsers find the portal, without a trailing slash."""
        return (self.portal_url or self.public_base_url).rstrip("/")

    @property
    def for_partners(self) -> str:
        """Where other systems find notifications, without a trailing slash."""
        return (self.notifications_public_url or self.notifications_url).rstrip("/")

    @property
    def services(self) -> dict[str, str]:
        """Address of each service by its name."""
        return {
            "tasks": self.tasks_url,
            "surveys": self.surveys_url,
            "notifications": self.notifications_url,
            "reporting": self.reporting_url,
        }
