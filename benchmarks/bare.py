"""The ceiling: a raw ASGI answer on the same server, the same body validated, nothing stored.

`python -m benchmarks.bare PORT`
"""

import sys

from starlette.types import Receive, Scope, Send

from benchmarks.serving import serve
from surveys.answers.api import Submission


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a ballot and thank for it."""
    if scope["type"] != "http":
        return
    message = await receive()
    ballot = Submission.model_validate_json(message["body"])
    body = f'{{"response_id":"{ballot.response_id}","status":"accepted"}}'.encode()
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", b"application/json"), length]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    serve(application, int(sys.argv[1]))
