"""Settings of the tasks service: environment variables `TASKS_*` beside the shared ones."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.service import OwnSettings


class Settings(OwnSettings):
    """A missing one stops the process at start."""

    model_config = SettingsConfigDict(env_prefix="TASKS_", extra="ignore")

    port: int = 8001
    files_url: str = Field(validation_alias="FILES_URL")
