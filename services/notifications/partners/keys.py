"""The key that signs partners' tokens, kept in the database; its public part is for everybody."""

from asyncio import Lock
from datetime import datetime
from time import monotonic
from typing import Any

from joserfc.jwk import ECKey
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access.keys import PublicKey, by_kid
from chassis.clock import database_now, local_date
from chassis.database import Database
from chassis.ids import new_id
from notifications.partners.domain import counts
from notifications.partners.models import Partner, PartnerSigningKey

ALGORITHM = "ES256"
CURVE = "P-256"
FRESH_SECONDS = 5.0
UNKNOWN_SECONDS = 1.0  # made-up key ids must not become queries
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('partner_signing_key'))")
_IN_USE = (
    select(PartnerSigningKey)
    .where(PartnerSigningKey.retired_at.is_(None))
    .order_by(PartnerSigningKey.created_at.desc())
)


async def signing_key(session: AsyncSession, now: datetime) -> ECKey:
    """Return the key to sign with; the first time, or after the last was retired, make one."""
    found = await session.scalar(_IN_USE.limit(1))
    if found is None:
        await session.execute(_ONE_AT_A_TIME)
        found = await session.scalar(_IN_USE.limit(1)) or _made(session, now)
    return ECKey.import_key(found.jwk)


def _made(session: AsyncSession, now: datetime) -> PartnerSigningKey:
    kid = str(new_id())
    key = ECKey.generate_key(CURVE, parameters={"kid": kid, "use": "sig", "alg": ALGORITHM})
    made = PartnerSigningKey(kid=kid, jwk=key.as_dict(private=True), created_at=now)
    session.add(made)
    return made


async def public_keys(session: AsyncSession) -> dict[str, Any]:
    """Return the JWKS of the keys in use."""
    found = await session.scalars(_IN_USE)
    return {"keys": [ECKey.import_key(one.jwk).as_dict(private=False) for one in found]}


async def listed_origins(session: AsyncSession, now: datetime) -> list[str]:
    """Return the origins of the pages of partners that count."""
    found = await session.scalars(select(Partner).where(Partner.revoked_at.is_(None)))
    origins = {o for one in found if counts(one, local_date(now)) for o in one.origins}
    return sorted(origins)


class OwnKeys:
    """Keys and origins as this service itself reads them: from its database, a few seconds old."""

    def __init__(self, database: Database) -> None:
        """Read from this database."""
        self._database, self._reading = database, Lock()
        self._read_at = self._asked_at = float("-inf")
        self._keys: dict[str, PublicKey] = {}
        self._origins: frozenset[str] = frozenset()

    async def find(self, kid: str) -> PublicKey | None:
        """Return the key with this id, or None. A new one is looked for at most once a second."""
        async with self._reading:  # whoever comes meanwhile waits for what is being read
            if self._is_due() or (kid not in self._keys and self._may_ask()):
                await self._read()
            return self._keys.get(kid)

    async def origins(self) -> frozenset[str]:
        """Return the origins that are listed now."""
        async with self._reading:
            if self._is_due():
                await self._read()
            return self._origins

    async def close(self) -> None:
        """Nothing to give back: the database is the service's."""

    def _is_due(self) -> bool:
        return monotonic() - self._read_at >= FRESH_SECONDS

    def _may_ask(self) -> bool:
        """What was read a moment ago for another reason says nothing of a key made since."""
        if monotonic() - self._asked_at < UNKNOWN_SECONDS:
            return False
        self._asked_at = monotonic()
        return True

    async def _read(self) -> None:
        async with self._database.sessions() as session:
            published = await public_keys(session)
            self._keys = by_kid(published) if published["keys"] else {}  # until the first token
            now = await database_now(session)
            self._origins = frozenset(await listed_origins(session, now))
        self._read_at = monotonic()
