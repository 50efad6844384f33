"""The roots that are trusted: everybody inside sees them, the administrator says them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, UploadFile
from sqlalchemy import select
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
)
from tasks.access import RIGHTS
from tasks.signatures import actions
from tasks.signatures.models import TrustedRoot
from tasks.signatures.views import TrustedRootView, trusted_root_view

router = ServiceRouter(prefix="/v1/trusted_roots", tags=["signatures"])


async def _root(id: UUID, session: Transaction) -> TrustedRoot:
    return await actions.find(session, id)


@router.get("", policy="trusted_root.read")
async def list_trusted_roots(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[TrustedRootView]:
    """List the certificates that are trusted to vouch for signers of PDFs, by name."""
    rows, cursor = await paginate(
        session, select(TrustedRoot), paging, TrustedRoot.name, TrustedRoot.id
    )  # fmt: skip
    views = [trusted_root_view(row, actor) for row in rows]
    allowed = RIGHTS.allowed(actor, "trusted_root", ("create",))
    return Page(data=views, next_cursor=cursor, allowed=allowed)


@router.post("", policy="trusted_root.create", status_code=201)
async def create_trusted_root(
    file: UploadFile, session: Transaction, actor: CurrentActor, response: Response
) -> TrustedRootView:
    """Trust the certificate of a PEM or DER file. 422 `certificate_…`, 409 `trusted_root_known`."""
    root = await actions.add_root(session, actor, file.filename or "", await file.read())
    created_at(response, f"/v1/trusted_roots/{root.id}")
    return trusted_root_view(root, actor)


@router.delete("/{id}", policy="trusted_root.delete", status_code=204)
async def delete_trusted_root(
    root: Annotated[TrustedRoot, Depends(_root)], session: Transaction, actor: CurrentActor
) -> None:
    """Trust a certificate no longer; files it vouched for are checked again."""
    await actions.remove_root(session, actor, root)
