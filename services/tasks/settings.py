"""Settings of the tasks service: environment variables `TASKS_*` beside the shared ones."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """A missing one stops the process at start."""

    model_config = SettingsConfigDict(env_prefix="TASKS_", extra="ignore")

    database_url: str
    port: int = 8001
    files_url: str = Field(validation_alias="FILES_URL")
