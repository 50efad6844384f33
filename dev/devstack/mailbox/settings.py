"""Settings of the development mailbox, from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class MailboxSettings(BaseSettings):
    """Where it listens and where it keeps the messages."""

    model_config = SettingsConfigDict(extra="ignore", env_prefix="MAILBOX_")

    host: str = "127.0.0.1"
    port: int = 8025
    """The page."""
    smtp_port: int = 2525
    file: Path = Field(Path(__file__).parents[3] / ".run/mailbox.sqlite")
