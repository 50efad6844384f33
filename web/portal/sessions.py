"""Sign-in sessions: the portal's one table. The cookie holds a random key, the row its hash."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import DateTime, LargeBinary, PrimaryKeyConstraint, Text, delete
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.clock import database_now
from chassis.database import Database, new_base


class Base(DeclarativeBase):
    """The portal's own tables."""

    metadata = new_base().metadata


LIFETIME = timedelta(hours=10)  # one working day, so nobody signs in twice between 7:00 and 16:30


class SignIn(Base):
    """One browser that is signed in. `tokens` is encrypted: a dump of the table opens nothing."""

    __tablename__ = "sign_in"
    # its migration left the name to PostgreSQL
    __table_args__ = (PrimaryKeyConstraint("key_hash", name="sign_in_pkey"),)

    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    csrf_token: Mapped[str] = mapped_column(Text)
    person: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tokens: Mapped[bytes] = mapped_column(LargeBinary)
    tokens_expire_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


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
            await session.execute(delete(SignIn).where(SignIn.expires_at < now))
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

    async def find(self, session: AsyncSession, key: str, *, lock: bool = False) -> SignIn | None:
        """Return the living session of a cookie, or None."""
        row = await session.get(SignIn, _hash(key), with_for_update=lock)
        if row is None or row.expires_at < await database_now(session):
            return None
        return row

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
        """Forget a session."""
        async with self.database.sessions.begin() as session:
            await session.execute(delete(SignIn).where(SignIn.key_hash == _hash(key)))

    def _lock(self, tokens: Tokens) -> bytes:
        opened = {
            "access": tokens.access,
            "refresh": tokens.refresh,
            "identity": tokens.identity,
        }
        return self._cipher.encrypt(json.dumps(opened).encode())


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
