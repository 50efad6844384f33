"""Files handed on from a service as they come, whatever their size."""

from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from portal.visit import Visit

PASSED_ON = ("content-type", "content-disposition", "content-length", "x-content-type-options")


async def passed_on(visit: Visit, service: str, address: str) -> StreamingResponse:
    """Answer with what a service answers, part by part, to be saved."""
    answer = await visit.api.passing(service, address)

    async def parts() -> AsyncIterator[bytes]:
        try:
            async for part in answer.aiter_raw():
                yield part
        finally:
            await answer.aclose()

    headers = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    headers.setdefault("content-disposition", "attachment")
    return StreamingResponse(parts(), headers=headers)
