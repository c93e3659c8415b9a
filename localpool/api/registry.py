"""The operations that the local pool answers, and botocore's model of each."""

from collections.abc import Callable
from functools import cache

import botocore.session
from botocore.model import OperationModel, ServiceModel

from localpool.state.records import Json
from localpool.state.world import World

Operation = Callable[[World, Json], Json]
OPERATIONS: dict[str, Operation] = {}


def operation(name: str) -> Callable[[Operation], Operation]:
    """Register the decorated function as the answer to the named operation."""

    def register(function: Operation) -> Operation:
        OPERATIONS[name] = function
        return function

    return register


@cache
def service_model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("cognito-idp")


@cache
def operation_model(name: str) -> OperationModel:
    return service_model().operation_model(name)


@cache
def needs_signature(name: str) -> bool:
    """False for the operations that a person calls with an access token or nothing."""
    return operation_model(name).auth_type != "none"
