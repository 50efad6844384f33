"""`python -m notifications conformance <url> --secret whsec_…`: does a receiver do it right?"""

import base64
import binascii
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Annotated

import httpx
import typer

from chassis.ids import new_id
from chassis.service import Service
from notifications.subscribers.webhooks.conformance.trials import Request, Trial, trials
from notifications.subscribers.webhooks.posting import PATIENCE
from notifications.subscribers.webhooks.sender import EXAMPLE
from notifications.subscribers.webhooks.signing import PREFIX

UrlArgument = Annotated[str, typer.Argument(help="Where the receiver listens, http(s)://…")]
SecretOption = Annotated[
    str, typer.Option("--secret", envvar="WEBHOOK_SECRET", help="Its secret, whsec_…")
]
_GONE = 410
_SHORTEST = 24  # bytes of a secret
BY_HAND = (
    "Hãy tự xem ở bên nhận: sự kiện trùng chỉ có tác dụng một lần, và sau hai sự kiện ngược thứ tự "
    "nhiệm vụ NV-0000-0001 vẫn ở phiên bản 3."
)


def add_conformance(app: typer.Typer, _: Callable[[str], Service]) -> None:
    """Add the command; it needs no setting and no database."""

    @app.command(
        help="Play good, duplicate, reordered, late, unknown and badly signed events at "
        "a receiver of webhooks; print what it got right. Exit code 0: everything."
    )
    def conformance(url: UrlArgument, secret: SecretOption) -> None:
        _check(url, secret)
        wrong = 0
        with httpx.Client(timeout=PATIENCE, follow_redirects=False) as client:
            for trial in trials(secret, datetime.now(UTC), new_id):
                problem = _problem(client, url, trial)
                wrong += problem is not None
                typer.echo(f"  ĐẠT   {trial.title}" if problem is None
                           else f"  HỎNG  {trial.title}: {problem}")  # fmt: skip
        typer.echo(BY_HAND)
        typer.echo("Kết quả: ĐẠT" if not wrong else f"Kết quả: {wrong} mục HỎNG")
        raise typer.Exit(1 if wrong else 0)


def _check(url: str, secret: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise typer.BadParameter("http://… or https://…", param_hint="url")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(PREFIX) or len(key) < _SHORTEST:
        raise typer.BadParameter("whsec_ and base64 of 24 bytes or more", param_hint="--secret")


def _problem(client: httpx.Client, url: str, trial: Trial) -> str | None:
    """Return what the receiver did wrong; None when nothing."""
    answers = [_answer(client, url, each) for each in trial.requests]
    return next((said for each in answers if (said := _wrong(each, trial)) is not None), None)


def _wrong(answer: "int | str", trial: Trial) -> str | None:
    if isinstance(answer, str):
        return answer
    if answer == _GONE:
        return "trả lời 410, nghĩa là không nhận tin nữa"
    if trial.taken and not httpx.codes.is_success(answer):
        return f"phải trả lời 2xx, đã trả lời {answer}"
    if not trial.taken and not httpx.codes.is_client_error(answer):
        return f"phải từ chối bằng 4xx, đã trả lời {answer}"
    return None


def _answer(client: httpx.Client, url: str, request: Request) -> "int | str":
    headers = {**EXAMPLE, "Content-Type": "application/cloudevents+json", **request.headers}
    began = monotonic()
    try:
        status = client.post(url, content=request.body, headers=headers).status_code
    except httpx.TimeoutException:
        return f"không trả lời trong {PATIENCE:g} giây"
    except httpx.HTTPError as error:
        return f"không kết nối được ({type(error).__name__})"
    seconds = monotonic() - began
    return (
        status if seconds < PATIENCE else f"trả lời sau {seconds:.0f} giây, chậm hơn {PATIENCE:g}"
    )
