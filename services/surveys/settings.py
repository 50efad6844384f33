"""Settings of the surveys service: environment variables `SURVEYS_*` beside the shared ones."""

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from chassis.service import OwnSettings


class Settings(OwnSettings):
    """A missing one stops the process at start.

    `public_url`: where citizens reach `/k/…`; what the address of a ticket begins with.
    `link_answers_per_minute`: per open link and process, past it 429; soft protection only.
    `most_unsent`: events waiting for the broker above which answers are refused with 503; a day
    without the broker stays far below.
    """

    model_config = SettingsConfigDict(env_prefix="SURVEYS_", extra="ignore")

    database_url: str
    port: int = 8002
    ticket_secret: SecretStr = Field(validation_alias="TICKET_SECRET", min_length=16)
    public_url: str
    organisation: str = "Sở Nội vụ tỉnh Khánh Hòa"
    link_answers_per_minute: int = 600
    most_unsent: int = 2_000_000
