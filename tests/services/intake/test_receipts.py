"""Public numbers, which the receipts show."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Any

from services.intake.preparation import Prepared
from services.requests.answers import Answer
from shared import ids
from tests.services.intake.paths import numbers_of

Prepare = Callable[..., Prepared]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
File = Callable[..., list[Answer]]


def test_numbers_are_well_formed_and_each_its_own(prepare: Prepare, file: File) -> None:
    numbers = [numbers_of([answer])[0] for answer in file([prepare(uuid.uuid4().hex) for _ in range(200)])]
    assert len(set(numbers)) == 200
    assert all(ids.is_complaint_number(number) for number in numbers)
    assert len({ids.bucket_of_number(number) for number in numbers}) > 30
