"""The broker as one service reaches it: with which user, and whose users the others are."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Broker:
    """One service's way to the broker. Raises ValueError when its user is not named after it.

    The users of an installation differ in the service's name at their end only (`nhip_tasks`,
    `nhip_surveys`), so that every consumer knows whose user may have published an event.

    Attributes:
        url: amqp://user:password@host:port/vhost.
        service: the name with which routing keys and queues of the service begin.
        shared: all services have this one user; then the user of an event says nothing. For
            development on a broker on which nobody may make users.
    """

    url: str = field(repr=False)
    service: str
    shared: bool = False

    def __post_init__(self) -> None:
        if not self.shared and not self.user.endswith(self.service):
            raise ValueError(
                f"the user of {self.service} at the broker must be named after it at its end, "
                f"as nhip_{self.service}; this one is {self.user}"
            )

    @property
    def user(self) -> str:
        """Name of the service's user."""
        return unquote(urlsplit(self.url).username or "guest")

    @property
    def password(self) -> str:
        """Password of the service's user."""
        return unquote(urlsplit(self.url).password or "")

    @property
    def vhost(self) -> str:
        """Name of the virtual host."""
        return unquote(urlsplit(self.url).path.removeprefix("/")) or "/"

    def owner_of(self, type_: str) -> str:
        """Return the user that alone may publish events of a type."""
        if self.shared:
            return self.user
        return self.user.removesuffix(self.service) + type_.split(".", 1)[0]
