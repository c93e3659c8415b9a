"""AWS JSON 1.1: from `X-Amz-Target` to a function, both bodies checked by botocore's model.

An error is `{"__type": code, "message": text}` with `x-amzn-errortype`, as Cognito's, and HTTP 400
(500 for a bug of the local pool).
"""

import json
import logging
from datetime import datetime
from uuid import uuid4

from flask import Response

from localpool.api.registry import OPERATIONS, needs_signature, operation_model
from localpool.rules import PoolRule, Refusal
from localpool.state.records import Json
from localpool.state.world import World
from localpool.wire import shapes

log = logging.getLogger("localpool")


def name_of(target: str) -> str:
    return target.partition(".")[2] or "UnknownOperation"


def answer(world: World, name: str, body: bytes, *, signed: bool) -> Response:
    try:
        return respond(200, perform(world, name, body, signed=signed))
    except Refusal as refusal:
        return error(refusal.code, refusal.message)
    except Exception:  # A bug of the local pool; the caller gets an AWS error all the same.
        log.exception("%s failed", name)
        return error(PoolRule.OUR_FAULT.value.code, f"{name} failed inside the local pool")


def perform(world: World, name: str, body: bytes, *, signed: bool) -> Json:
    """The response body of the operation. Errors: Refusal."""
    if name not in OPERATIONS:
        raise Refusal(PoolRule.NOT_BUILT, operation=name)
    if needs_signature(name) and not signed:
        raise Refusal(PoolRule.NO_TOKEN)
    model = operation_model(name)
    request = _read(body)
    try:
        problems = shapes.violations(model.input_shape, request, strict=False)
    except shapes.WrongType as wrong:
        raise Refusal(PoolRule.NOT_JSON, detail=str(wrong)) from wrong
    if problems:
        raise Refusal(PoolRule.CONSTRAINT, detail=shapes.sentence(problems))
    result = OPERATIONS[name](world, {k: v for k, v in request.items() if v is not None})
    _check_result(name, result)
    return result


def _read(body: bytes) -> Json:
    try:
        request = json.loads(body or b"{}")
    except ValueError as broken:
        raise Refusal(PoolRule.NOT_JSON, detail="The body is not JSON") from broken
    if not isinstance(request, dict):
        raise Refusal(PoolRule.NOT_JSON, detail="The body is not a JSON object")
    return request


def _check_result(name: str, result: Json) -> None:
    """Refuse and log an answer that does not fit the model, which is a bug here."""
    try:
        problems = shapes.violations(operation_model(name).output_shape, result, strict=True)
    except shapes.WrongType as wrong:
        problems = [str(wrong)]
    if problems:
        log.error("The answer of %s does not fit the model: %s", name, problems)
        raise Refusal(PoolRule.OUR_FAULT, detail=f"{name}: {shapes.sentence(problems)}")


def respond(status: int, body: Json) -> Response:
    text = json.dumps(body, default=datetime.timestamp)
    response = Response(text, status, content_type="application/x-amz-json-1.1")
    response.headers["x-amzn-RequestId"] = str(uuid4())
    return response


def error(code: str, message: str, status: int | None = None) -> Response:
    bug = code == PoolRule.OUR_FAULT.value.code
    response = respond(status or (500 if bug else 400), {"__type": code, "message": message})
    response.headers["x-amzn-errortype"] = f"{code}:"
    response.headers["x-amzn-errormessage"] = message.encode("ascii", "replace").decode()
    return response
