"""A process that serves: the layer outermost, logs of one form, and requests under way are finished at its end."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx

from ops.stack import processes
from tests.running import wait_for

ROOT = Path(__file__).parents[3]
PROGRAM = """
import asyncio, sys
from fastapi import FastAPI, Response
from shared import logging
from shared.http.server import Server

app = FastAPI()

@app.get("/slow")
async def read_slowly() -> Response:
    await asyncio.sleep(0.5)
    return Response("finished")

logging.configure("tests", "INFO")
Server(app, "127.0.0.1", int(sys.argv[1])).run()
"""


def test_a_request_under_way_is_finished_after_the_signal_to_end() -> None:
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}/slow"
    answers: list[httpx.Response] = []
    command = [sys.executable, "-c", PROGRAM, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        first = wait_for(lambda: httpx.get(url, trust_env=False), "the process serves")
        request = threading.Thread(target=lambda: answers.append(httpx.get(url, trust_env=False)))
        request.start()
        request.join(0.2)
        process.send_signal(signal.SIGTERM)
        request.join()
        output, _ = process.communicate(timeout=10)
    assert [answer.text for answer in answers] == ["finished"]
    assert first.headers["x-request-id"]
    assert "server" not in first.headers
    logs = [json.loads(line) for line in output.splitlines()]
    requests = [log for log in logs if log["event"] == "request"]
    assert [(log["service"], log["route"]) for log in requests] == [("tests", "/slow")] * 2
