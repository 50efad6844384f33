"""The issuer's signing key: made once, kept in a file only its owner may read."""

import json
from pathlib import Path

from joserfc.jwk import RSAKey

from devstack.servers.memory import locked, read_json, write_private

ALGORITHM = "RS256"


def signing_key(path: Path) -> RSAKey:
    """Return the private key in `path`; make it the first time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.with_suffix(".lock")):
        stored = read_json(path)
        if stored:
            return RSAKey.import_key(stored)
        key = RSAKey.generate_key(2048, parameters={"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        write_private(path, json.dumps(key.as_dict(private=True)))
        return key
