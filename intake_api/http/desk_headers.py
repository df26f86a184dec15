"""Refusals of the headers that an operation of the desk needs: who acts, and on which version of the case."""

from typing import ClassVar

from shared.errors import ShensuError


class OperatorMissingError(ShensuError):
    """The call does not name the officer who acts."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "operator-missing"
    title: ClassVar[str] = "The operator is not named"


class VersionRequiredError(ShensuError):
    """The request does not say which version of the case it was decided on."""

    status: ClassVar[int] = 428
    code: ClassVar[str] = "version-required"
    title: ClassVar[str] = "The version of the case is required"
