"""Settings every service shares; a missing one stops the process at start, naming itself."""

from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.access.partners import ISSUER_PATH
from chassis.access.roles import RolesFrom


class ServiceSettings(BaseSettings):
    """Environment variables. A service adds its own with its prefix, e.g. `TASKS_DATABASE_URL`.

    `broker_users`: each service its own, or, in development, one that all share; then nobody checks
    who published what. `rabbitmq_admin_url`: the broker's management API, for `migrate` alone,
    which gives the service's user its rights; without it they must stand. `auth_roles_from`: what
    decides a person's role when token and directory differ.
    """

    model_config = SettingsConfigDict(extra="ignore")

    environment: Literal["development", "production"] = Field(
        "production", validation_alias="NHIP_ENVIRONMENT"
    )
    broker_users: Literal["own", "shared"] = Field("own", validation_alias="BROKER_USERS")
    rabbitmq_admin_url: SecretStr | None = Field(None, validation_alias="RABBITMQ_ADMIN_URL")
    oidc_issuer: str = Field(validation_alias="OIDC_ISSUER")
    auth_roles_from: RolesFrom = Field("lower", validation_alias="AUTH_ROLES_FROM")
    service_client_secret: SecretStr = Field(validation_alias="SERVICE_CLIENT_SECRET")
    cursor_secret: SecretStr = Field(validation_alias="CURSOR_SECRET")
    public_base_url: str = Field(validation_alias="PUBLIC_BASE_URL")
    tasks_url: str = Field(validation_alias="TASKS_URL")
    surveys_url: str = Field(validation_alias="SURVEYS_URL")
    notifications_url: str = Field(validation_alias="NOTIFICATIONS_URL")
    reporting_url: str = Field(validation_alias="REPORTING_URL")
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL")
    host: str = Field("127.0.0.1", validation_alias="HOST")
    prefetch: int = Field(200, validation_alias="PREFETCH")
    catch_up_seconds: float = Field(60.0, validation_alias="CATCH_UP_SECONDS")

    @field_validator("broker_users")
    @classmethod
    def _shared_in_development_only(cls, users: str, info: ValidationInfo) -> str:
        if users == "shared" and info.data.get("environment") != "development":
            raise ValueError("services share a user of the broker in development only")
        return users

    @property
    def partners_issuer(self) -> str:
        """Return the issuer of partners' tokens: notifications, below its address."""
        return f"{self.base_url('notifications')}{ISSUER_PATH}"

    def base_url(self, service: str) -> str:
        """Return the address of another service."""
        return str(getattr(self, f"{service}_url")).rstrip("/")


def explain(error: ValidationError, prefix: str) -> str:
    """Return one line a person can act on: which variables are missing or wrong.

    `prefix` is that of the service's own settings, e.g. `TASKS_`; shared ones come by their name.
    """
    names = [".".join(str(part) for part in item["loc"]) for item in error.errors()]
    problems = [
        f"{name if name.isupper() else prefix + name.upper()}: {item['msg']}"
        for name, item in zip(names, error.errors(), strict=True)
    ]
    return "Settings (environment variables) missing or wrong: " + "; ".join(problems)
