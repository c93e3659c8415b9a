"""Reads an operation's request from botocore's own service model; asks nobody.

https://botocore.amazonaws.com/v1/documentation/api/latest/development/designnotes.html
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, Shape, StructureShape
from botocore.utils import ArgumentGenerator
from botocore.validate import ParamValidator


@cache
def _operation(name: str) -> OperationModel:
    return botocore.session.Session().get_service_model("cognito-idp").operation_model(name)


def _input(operation: str) -> Shape:
    shape = _operation(operation).input_shape
    return shape if shape is not None else StructureShape("Nothing", {"type": "structure"})


def problems_with(*, operation: str, request: Mapping[str, object]) -> str:
    """The report of botocore's validation: one line for each problem, "" for a valid request.

    The lines repeat values that have a wrong type.
    """
    report: str = ParamValidator().validate(dict(request), _input(operation)).generate_report()
    return report


def skeleton_of(operation: str) -> dict[str, Any]:
    """A sample request, as the AWS CLI's `--generate-cli-skeleton` prints it."""
    skeleton: dict[str, Any] = ArgumentGenerator().generate_skeleton(_input(operation))
    return skeleton
