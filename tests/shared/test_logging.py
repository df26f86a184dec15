"""Logs hold what is allowed and nothing that somebody sent: no other field, no text of an exception, no traceback."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CANARY = "kanarienvogel"


def _logged(program: str) -> list[dict[str, Any]]:
    prelude = (
        "import logging, structlog, warnings\nfrom shared.logging import configure\nconfigure('tests')\n"
    )
    prelude += f"log = structlog.get_logger()\nCANARY = {CANARY!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", prelude + program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert CANARY not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_only_fields_that_are_known_are_written() -> None:
    [line] = _logged("log.info('stored', number='1', phone=CANARY, body={'name': CANARY}, count=3)")
    assert {name: line[name] for name in ("event", "number", "count", "service", "level")} == {
        "event": "stored",
        "number": "1",
        "count": 3,
        "service": "tests",
        "level": "info",
    }
    assert line.keys() == {"event", "number", "count", "service", "level", "timestamp"}


RAISES = {
    "exception()": "log.exception('failed')",
    "exc_info=True": "log.error('failed', exc_info=True)",
    "exc_info=error": "log.warning('failed', exc_info=error)",
}


@pytest.mark.parametrize("call", RAISES)
def test_an_exception_leaves_its_kind_and_not_its_text(call: str) -> None:
    program = f"""
try:
    try:
        raise KeyError(CANARY)
    except KeyError as cause:
        raise ValueError(CANARY) from cause
except ValueError as error:
    {RAISES[call]}
"""
    [line] = _logged(program)
    assert line["exception"] == "builtins.ValueError < builtins.KeyError"


def test_an_exception_of_ours_tells_its_place_and_its_sqlstate() -> None:
    program = """
from shared import ids
class Refused(Exception):
    sqlstate = "23505"
try:
    try:
        raise Refused(CANARY)
    except Refused as cause:
        ids.bucket_of_number(CANARY)
except ValueError as error:
    error.__cause__ = Refused(CANARY)
    log.error('failed', exc_info=error)
"""
    [line] = _logged(program)
    assert line["exception"].startswith("builtins.ValueError < __main__.Refused[23505] at shared.ids:")


def test_other_libraries_tell_who_and_how_bad_and_nothing_else() -> None:
    program = """
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger('uvicorn.error').exception('no way with %s', CANARY)
logging.getLogger('asyncio').warning(CANARY)
logging.getLogger('asyncio').info(CANARY)
"""
    lines = _logged(program)
    assert [(line["kind"], line["level"]) for line in lines] == [
        ("uvicorn.error", "ERROR"),
        ("asyncio", "WARNING"),
    ]
