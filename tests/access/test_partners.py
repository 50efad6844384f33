"""What a partner's token opens, in every service: what is listed here, and nothing by any claim."""

import importlib
import time
from uuid import UUID

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from joserfc.jwk import ECKey
from tests import partner_tokens
from tests.access.test_matrix import application
from tests.chassis.web.conftest import ISSUER, Issuer
from tests.partner_tokens import PARTNER, token, trusting

from chassis.access import (
    INTERNAL,
    PUBLIC,
    SCOPES,
    Reach,
    TokenVerifier,
    check_role,
    claims_of,
    partner,
    service_caller,
)
from chassis.access.partners import reach_of
from chassis.errors import NotAllowed, Unauthenticated
from devstack.run.folder import SERVICES

OPEN = {
    "tasks": {
        "GET /v1/plans": "assignments",
        "GET /v1/plans/{id}": "assignments",
        "GET /v1/assignments": "assignments",
        "GET /v1/assignments/board": "assignments",
        "GET /v1/assignments/counts": "assignments",
        "GET /v1/assignments/{id}": "assignments",
    },
    "surveys": {},
    "notifications": {
        "GET /v1/events": "events",
        "GET /v1/event_types": "events",
        "GET /v1/event_types/{type}": "events",
        "GET /v1/subscriptions": "events",
        "POST /v1/subscriptions": "events",
        "GET /v1/subscriptions/{id}": "events",
        "PATCH /v1/subscriptions/{id}": "events",
        "DELETE /v1/subscriptions/{id}": "events",
        "POST /v1/subscriptions/{id}/pause": "events",
        "POST /v1/subscriptions/{id}/resume": "events",
        "POST /v1/subscriptions/{id}/rotate_secret": "events",
        "POST /v1/subscriptions/{id}/recover": "events",
        "POST /v1/subscriptions/{id}/test": "events",
        "GET /v1/subscriptions/{id}/queue": "events",
        "GET /v1/subscriptions/{id}/secrets": "events",
        "POST /v1/subscriptions/{id}/credentials": "events",
        "GET /v1/deliveries": "events",
        "GET /v1/deliveries/{id}": "events",
        "POST /v1/deliveries/{id}/retry": "events",
    },
    "reporting": {
        "GET /v1/overview": "figures",
        "GET /v1/indices/satisfaction/{round_id}": "figures",
        "GET /v1/indices/satisfaction/{round_id}/units/{unit_id}": "figures",
        "GET /v1/indices/completion_of_year/{year}": "figures",
        "GET /v1/indices/completion/{plan_id}": "figures",
        "GET /v1/indices/completion": "figures",
        "GET /v1/rankings": "rankings",
        "GET /v1/rankings/{year}": "rankings",
    },
}


def doors(service: str, scopes: frozenset[str]) -> set[str]:
    """Return the routes that a partner with these scopes may enter."""
    rights = importlib.import_module(f"{service}.app").POLICIES
    actor = partner(Reach(PARTNER, scopes, None))
    found = set()
    for context in iter_route_contexts(application(service).routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or route.policy in {PUBLIC, INTERNAL}:
            continue
        try:
            check_role(rights, str(route.policy), actor)
        except NotAllowed:
            continue
        found |= {f"{method} {route.path}" for method in route.methods}
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_scope_opens_its_own_doors_and_all_of_them_together_no_other(service):
    for scope in SCOPES:
        expected = {route for route, needed in OPEN[service].items() if needed == scope}
        assert doors(service, frozenset({scope})) == expected
    assert doors(service, frozenset(SCOPES)) == set(OPEN[service])
    assert doors(service, frozenset()) == set()


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def tokens(issuer):
    return trusting(TokenVerifier(ISSUER, keys=issuer.keys()))


@pytest.mark.parametrize(
    "raised",
    [
        {"roles": ["admin"]},
        {"roles": ["service"]},
        {"roles": ["office"], "employee_code": "office", "email": "office@snv.example"},
        {"email": "office@snv.example", "email_verified": True},
        {"roles": ...},
        {"scope": "figures admin", "allowed": "*"},
    ],
)
async def test_whatever_our_own_issuer_claims_its_token_is_an_external_system(tokens, raised):
    claims = await tokens.verify(token("figures", **raised))
    assert claims.roles == ("external_system",)
    assert (claims.employee_code, claims.email) == (None, None)
    assert claims.reach.scopes == {"figures"}
    with pytest.raises(NotAllowed):
        service_caller(claims)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sub": "service:tasks"},
        {"sub": "login-office"},
        {"sub": "partner:"},
        {"sub": "partner:everybody"},
        {"aud": "another"},
        {"aud": ...},
        {"exp": time.time() - 60},
        {"exp": ...},
        {"nbf": time.time() + 86_400},
        {"client_id": ...},
        {"client_id": "7"},
        {"iss": "http://notifications.test/v1/partners/"},
        {"iss": ISSUER},
        {"token_use": "id"},
    ],
)
async def test_a_token_that_is_not_as_we_write_them_is_refused(tokens, wrong):
    with pytest.raises(Unauthenticated):
        await tokens.verify(token("figures", **wrong))


async def test_the_keys_of_one_issuer_say_nothing_in_the_name_of_the_other(tokens, issuer):
    forged = issuer.token(iss=partner_tokens.ISSUER, sub=f"partner:{PARTNER}")
    with pytest.raises(Unauthenticated):
        await tokens.verify(forged)
    stranger = ECKey.generate_key("P-256", parameters={"kid": "partners", "use": "sig"})
    with pytest.raises(Unauthenticated):
        await tokens.verify(token("figures", key=stranger))
    with pytest.raises(Unauthenticated):
        await tokens.verify(token("figures", iss=ISSUER, sub="login-office", roles=["office"]))


@pytest.mark.parametrize("units", [..., None, "*", [], {}, 7, ["*", "*"]])
def test_units_that_nobody_can_read_are_no_units(units):
    claims = {**claims_of(Reach(PARTNER, frozenset(), None, str(PARTNER))), "units": units}
    try:
        assert not reach_of(claims).covers([UUID(int=1)])
    except ValueError:
        assert units == ["*", "*"]


async def test_a_person_of_the_provider_is_known_as_before(tokens, issuer):
    claims = await tokens.verify(issuer.token())
    assert claims.reach is None
    assert claims.roles == ("office",)
