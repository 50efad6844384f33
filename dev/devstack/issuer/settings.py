"""Settings of the development issuer, from the environment."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).parents[3]


class IssuerSettings(BaseSettings):
    """A missing one stops the issuer at start; so does any environment but development."""

    model_config = SettingsConfigDict(extra="ignore")

    environment: str = Field("production", validation_alias="NHIP_ENVIRONMENT")
    url: str = Field("http://127.0.0.1:8005", validation_alias="OIDC_ISSUER")
    """What tokens carry as `iss`; no final slash."""
    service_client_secret: SecretStr = Field(
        SecretStr(""), validation_alias="SERVICE_CLIENT_SECRET"
    )
    """Of every service, unless `SERVICE_CLIENT_SECRETS` (JSON, by name) gives each its own."""
    service_client_secrets: dict[str, SecretStr] = Field(
        {}, validation_alias="SERVICE_CLIENT_SECRETS"
    )
    public_base_url: str = Field("http://127.0.0.1:8080", validation_alias="PUBLIC_BASE_URL")
    host: str = Field("127.0.0.1", validation_alias="ISSUER_HOST")
    port: int = Field(8005, validation_alias="ISSUER_PORT")
    key_file: Path = Field(CHECKOUT / ".run/issuer_key.json", validation_alias="ISSUER_KEY_FILE")
    people_file: Path = Field(CHECKOUT / "demo/people.yaml", validation_alias="ISSUER_PEOPLE_FILE")

    def secret_of(self, service: str) -> str:
        """Return a service's client secret; empty when it has none and gets no token."""
        own = self.service_client_secrets.get(service, self.service_client_secret)
        return own.get_secret_value()

    def problem(self) -> str | None:
        """Return why the issuer must not start, in one line; None when it may."""
        if self.environment != "development":
            return (
                "The development issuer signs in anybody without a password: it starts only with "
                f"NHIP_ENVIRONMENT=development (it is '{self.environment}')."
            )
        if not (self.service_client_secret.get_secret_value() or self.service_client_secrets):
            return "The development issuer needs SERVICE_CLIENT_SECRET or SERVICE_CLIENT_SECRETS."
        return None
