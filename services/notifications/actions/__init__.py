"""What the doors do: tell, mark as read, try a mail again. Nothing here commits."""

from notifications.actions.mailing import retry_mail
from notifications.actions.reading import mark_all_read, mark_read, unread_count
from notifications.actions.telling import tell

__all__ = ["mark_all_read", "mark_read", "retry_mail", "tell", "unread_count"]
