"""The demo's partner: a key and a subscription by each transport, for its own program.

The program is somebody else's: `demo/partner/keep_copy.py` knows our documented addresses only.
What it is told are secrets that are shown once, so they are remembered beside the run.
"""

import sys
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

from devstack.demo.loading import DEMO
from devstack.demo.office import Office
from devstack.issuer.people import find_person
from devstack.run.environment import signed_in_as
from devstack.run.folder import CHECKOUT

PROGRAM = CHECKOUT / "demo/partner/keep_copy.py"
NAMES = {"feed": "Bản sao (feed)", "webhook": "Bản sao (webhook)", "amqp": "Bản sao (hàng đợi)"}
TRANSPORTS = {"feed": "feed", "webhook": "webhook", "amqp": "queue"}
Settings = dict[str, str]


class DemoPartner:
    """What the administrator does for the demo's partner."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.addresses = office.addresses

    def settings(self, known: Mapping[str, str]) -> Settings:
        """Return what the partner's program is told; nothing when somebody ended the partner.

        `known`: what it was told before.
        """
        partner = self._partner()
        if partner is None:
            return {}
        ways = {name: self._subscription(partner, name) for name in self._transports()}
        told = _ways(ways)
        if told.items() <= known.items() and self._counts(known):
            return dict(known)
        return {**told, **self._key(partner), **self._secrets(ways)}

    def command(self, told: Mapping[str, str]) -> list[str]:
        """Return the program's command line."""
        return [sys.executable, str(PROGRAM), *told["TRANSPORTS"].split()]

    def variables(self, told: Mapping[str, str]) -> Settings:
        """Return what the program's environment says besides: where everything is now."""
        found = {**told, "NOTIFICATIONS": self.addresses["notifications"]}
        found["PORT"] = self.addresses["partner"].rpartition(":")[2]
        if "QUEUE" in told:
            address = self.addresses["amqp_partners"]
            found["AMQP_URL"] = signed_in_as(address, told["QUEUE"], told["QUEUE_PASSWORD"])
        return found

    def _transports(self) -> list[str]:
        """Return what is offered here: no queues on a broker on which nobody makes users."""
        return [name for name in NAMES if name != "amqp" or self.addresses["amqp_partners"]]

    def _partner(self) -> dict[str, Any] | None:
        client = find_person(DEMO / "people.yaml", "external")
        found: list[dict[str, Any]] = self._get("/partners", limit=200)["data"]
        ours = [each for each in found if client and each["subject"] == client.subject]
        return next((each for each in ours if each["state"] == "active"), None)

    def _subscription(self, partner: Mapping[str, Any], transport: str) -> dict[str, Any]:
        wanted: dict[str, Any] = {"name": NAMES[transport]}
        if transport == "webhook":
            wanted["url"] = f"{self.addresses['partner']}/webhook"
        for each in self._get("/subscriptions", limit=200, partner_id=partner["id"])["data"]:
            if each["name"] == NAMES[transport]:
                return self._level(each, wanted)
        body = {**wanted, "partner_id": partner["id"], "transport": transport, "after": "now"}
        made: dict[str, Any] = self._post("/subscriptions", body)
        return made

    def _level(self, found: dict[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Follow the program to another port."""
        if all(found[name] == value for name, value in wanted.items()):
            return found
        path = f"/subscriptions/{found['id']}"
        changed: dict[str, Any] = self.office.patch(
            "admin", "notifications", path, wanted, found["version"]
        )
        return changed

    def _counts(self, known: Mapping[str, str]) -> bool:
        """Tell whether a key is one still: databases may have been put back since."""
        answer = httpx.post(
            f"{self.addresses['notifications']}/v1/partners/token",
            auth=(known["CLIENT_ID"], known["CLIENT_SECRET"]),
            data={"grant_type": "client_credentials"},
            timeout=30,
        )
        return answer.is_success

    def _key(self, partner: Mapping[str, Any]) -> Settings:
        at = f"/partners/{partner['id']}"
        for old in partner["credentials"]:
            if old["revoked_at"] is None:
                self._post(f"{at}/credentials/{old['id']}/revoke")
        made = self._post(f"{at}/credentials")
        return {"CLIENT_ID": made["client_id"], "CLIENT_SECRET": made["client_secret"]}

    def _secrets(self, ways: Mapping[str, Mapping[str, Any]]) -> Settings:
        webhook = self._post(f"/subscriptions/{ways['webhook']['id']}/rotate_secret")
        found = {"WEBHOOK_SECRET": webhook["secret"]}
        if "amqp" in ways:
            given = self._post(f"/subscriptions/{ways['amqp']['id']}/credentials")
            found |= {"QUEUE": given["queue"], "QUEUE_PASSWORD": given["password"]}
        return found

    def _get(self, path: str, **query: Any) -> Any:
        return self.office.get("admin", "notifications", path, **query)

    def _post(self, path: str, body: Any = None) -> Any:
        """Ask anew each time: a repetition of the same request shows no secret."""
        return self.office.post("admin", "notifications", path, body, key=str(uuid4()))


def _ways(subscriptions: Mapping[str, Mapping[str, Any]]) -> Settings:
    """Return which transports there are, and their subscriptions: new ones have new secrets."""
    ids = {f"{TRANSPORTS[name].upper()}_ID": each["id"] for name, each in subscriptions.items()}
    return {"TRANSPORTS": " ".join(TRANSPORTS[name] for name in subscriptions), **ids}
