"""Sign-in sessions: the portal's one table. The cookie holds a random key, the row its hash."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import (
    DateTime,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.clock import database_now
from chassis.database import Database, new_base


class Base(DeclarativeBase):
    """The portal's own tables."""

    metadata = new_base().metadata


LIFETIME = timedelta(hours=10)  # one working day, so nobody signs in twice between 7:00 and 16:30
REMEMBERED = timedelta(hours=24)  # after its end, or after what was sent later than that
_ENDED = timedelta(seconds=1)  # ago


class SignIn(Base):
    """One browser that is signed in, or was. A dump of the table opens nothing.

    `tokens` and `kept` are encrypted. `kept`: a form that could not be sent, for the same person.
    `postponed_at`: what was to be acknowledged until then is asked for at the next sign-in.
    """

    __tablename__ = "sign_in"
    # its migration left the name to PostgreSQL
    __table_args__ = (PrimaryKeyConstraint("key_hash", name="sign_in_pkey"),)

    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    csrf_token: Mapped[str] = mapped_column(Text, index=True)
    person: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tokens: Mapped[bytes] = mapped_column(LargeBinary)
    tokens_expire_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    kept: Mapped[bytes | None] = mapped_column(LargeBinary)
    postponed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


@dataclass(frozen=True)
class Tokens:
    """What the issuer gave; `lifetime` of the access token, from when it was issued."""

    access: str
    refresh: str
    identity: str
    lifetime: timedelta


class Sessions:
    """Opens, finds, renews and closes sign-in sessions."""

    def __init__(self, database: Database, secret: str) -> None:
        """Derive the key that encrypts tokens from the session secret."""
        self.database = database
        digest = hashlib.sha256(f"tokens:{secret}".encode()).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(digest))

    async def open(self, tokens: Tokens, person: dict[str, Any]) -> str:
        """Store a new session and return the key for the cookie; ended ones are swept out."""
        key = secrets.token_urlsafe(32)
        async with self.database.sessions.begin() as session:
            now = await database_now(session)
            await session.execute(delete(SignIn).where(SignIn.expires_at < now - REMEMBERED))
            session.add(
                SignIn(
                    key_hash=_hash(key),
                    csrf_token=secrets.token_urlsafe(32),
                    person=person,
                    tokens=self._lock(tokens),
                    tokens_expire_at=now + tokens.lifetime,
                    expires_at=now + LIFETIME,
                )
            )
        return key

    async def find(
        self, session: AsyncSession, key: str, *, lock: bool = False
    ) -> tuple[SignIn, datetime] | None:
        """Return the living session of a cookie and the time by the database, or None."""
        asked = select(SignIn, func.now()).where(SignIn.key_hash == _hash(key))
        asked = asked.execution_options(populate_existing=lock)
        found = (await session.execute(asked.with_for_update() if lock else asked)).one_or_none()
        if found is None or found[0].expires_at < found[1]:
            return None
        return found[0], found[1]

    def tokens(self, row: SignIn) -> Tokens | None:
        """Return the row's tokens; None when the session secret has changed since."""
        try:
            opened = json.loads(self._cipher.decrypt(row.tokens))
        except InvalidToken:
            return None
        return Tokens(opened["access"], opened["refresh"], opened["identity"], timedelta())

    def renew(self, row: SignIn, tokens: Tokens, now: datetime) -> None:
        """Put fresh tokens into a locked row."""
        row.tokens = self._lock(tokens)
        row.tokens_expire_at = now + tokens.lifetime

    async def close(self, key: str) -> None:
        """End a session: its tokens are gone; whose it was is known for a while."""
        ended = {"tokens": b"", "expires_at": func.now() - _ENDED}
        async with self.database.sessions.begin() as session:
            this = SignIn.key_hash == _hash(key)
            await session.execute(update(SignIn).where(this).values(ended))

    async def is_of(self, csrf_token: str, person_id: str) -> bool:
        """Tell whether a form was shown in a session of a person, this one or an earlier one."""
        async with self.database.sessions() as session:
            row = await _by_token(session, csrf_token)
            return row is not None and row.person.get("person_id") == person_id

    async def keep(self, csrf_token: str, form: Mapping[str, Any]) -> bytes | None:
        """Keep a form that could not be sent with the session it was shown in.

        Return what finds it again: the session's hash. None for a token that is none of ours. A
        session that has ended ends anew, so that the form is there for all of REMEMBERED.
        """
        async with self.database.sessions.begin() as session:
            row = await _by_token(session, csrf_token)
            if row is None:
                return None
            row.kept = self._cipher.encrypt(json.dumps(form).encode())
            row.expires_at = max(row.expires_at, await database_now(session) - _ENDED)
            return row.key_hash

    async def hand_over(self, kept: bytes, to: str) -> bool:
        """Move a kept form to the new session of a cookie's key, if it is of the same person.

        It is gone from where it was either way: on a shared computer the next person gets nothing.
        """
        async with self.database.sessions.begin() as session:
            old, new = await session.get(SignIn, kept), await session.get(SignIn, _hash(to))
            if old is None or new is None or old.kept is None:
                return False
            form, old.kept = old.kept, None
            if old.person.get("person_id") != new.person.get("person_id"):
                return False
            new.kept = form
            return True

    async def postpone(self, key: str, until: datetime | None) -> None:
        """Ask for nothing that had come by an instant any more in this session.

        `until`: when the newest that was shown came; None, or one that is yet to come: now.
        """
        postponed_at = func.least(func.now(), literal(until, DateTime(timezone=True)))
        async with self.database.sessions.begin() as session:
            this = SignIn.key_hash == _hash(key)
            await session.execute(update(SignIn).where(this).values(postponed_at=postponed_at))

    async def drop_kept(self, key: str) -> None:
        """Forget the form that a session keeps: it has been sent."""
        async with self.database.sessions.begin() as session:
            this = SignIn.key_hash == _hash(key)
            await session.execute(update(SignIn).where(this).values(kept=None))

    def opened(self, kept: bytes) -> dict[str, Any] | None:
        """Return a kept form; None when the session secret has changed since."""
        try:
            form: dict[str, Any] = json.loads(self._cipher.decrypt(kept))
        except InvalidToken:
            return None
        return form

    def _lock(self, tokens: Tokens) -> bytes:
        opened = {
            "access": tokens.access,
            "refresh": tokens.refresh,
            "identity": tokens.identity,
        }
        return self._cipher.encrypt(json.dumps(opened).encode())


async def _by_token(session: AsyncSession, csrf_token: str) -> SignIn | None:
    row: SignIn | None = await session.scalar(select(SignIn).filter_by(csrf_token=csrf_token))
    return row


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
