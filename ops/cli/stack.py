"""Commands that need the whole stack: `up` runs it, `demo` shows it on real figures."""

import json
import shlex
from typing import Any

from ops.cli.output import AsJson, answer, say
from ops.demo import command
from ops.stack import development, run
from ops.stack.environment import StackSettings
from ops.stack.processes import StackError
from ops.stack.run import Running

SAMPLE: dict[str, Any] = {
    "channel": "PHONE_12305",
    "business": "EXPRESS",
    "carrier_code": "ZTO",
    "issue_code": "DELAY",
    "complainant": {"name": "李明", "phone": "13800138000", "role": "ADDRESSEE"},
    "dispute": {"region_code": "330106", "address": "浙江省杭州市西湖区文三路100号"},
    "item": {"waybill": "75312345678901"},
    "cause": "快件已延误五天，物流信息一直没有更新。",
    "request": "尽快投递并说明原因。",
    "enterprise_complaint": {"outcome": "DISSATISFIED", "result": "只答复正在核实。"},
}
"""A fictitious complaint, to try the platform."""


def up(*, as_json: AsJson = False) -> None:
    """Run the whole stack until Ctrl-C: servers, schema, reference data, clients, the three services."""
    settings = StackSettings()
    try:
        with run.running(settings, say) as stack:
            answer(_summary(stack, settings), _text(stack, settings), as_json=as_json)
            stack.supervisor.watch()
    except KeyboardInterrupt:
        return


def demo(*, as_json: AsJson = False) -> None:
    """Import two months of real figures, follow one complaint, compare the circular with the published one."""
    settings = StackSettings()
    stack = run.find(settings.home)
    if stack is not None:
        keys = development.read_keys(settings.development_keys)
        equal = command.run(stack.intake_url, stack.analytics_url, keys, as_json=as_json)
    else:
        say("no stack runs here: starting one for the time of the demo")
        with run.running(settings, say) as own:
            equal = command.run(own.stack.intake_url, own.stack.analytics_url, own.keys, as_json=as_json)
    if not equal:
        raise StackError("the circular differs from the published figures")


def curl(intake_url: str, key: str) -> str:
    """Return a command that files a complaint; it files a new one each time."""
    body = json.dumps(SAMPLE, ensure_ascii=False)
    return " \\\n  ".join(
        (
            f"curl -i {intake_url}/v1/complaints",
            f"-H 'Authorization: Bearer {key}'",
            "-H 'Content-Type: application/json'",
            '-H "Idempotency-Key: try-$(date +%s)-$$-$RANDOM"',
            f"--data {shlex.quote(body)}",
        )
    )


def explanation(intake_url: str, key: str) -> str:
    """Return a command that reads the explanation of a complaint."""
    return f"curl -s {intake_url}/v1/complaints/NUMBER/explanation -H 'Authorization: Bearer {key}'"


def _summary(stack: Running, settings: StackSettings) -> dict[str, Any]:
    return {
        "states": stack.states,
        "intake": stack.stack.intake_url,
        "analytics": stack.stack.analytics_url,
        "development_keys": str(settings.development_keys.absolute()) if stack.keys else None,
        "logs": str((settings.home / "logs").absolute()),
    }


def _text(stack: Running, settings: StackSettings) -> str:
    lines = ["", "Shensu is up."]
    lines += [f"  {name:<15} {state}" for name, state in stack.states.items()]
    lines += [
        "",
        "Open:",
        f"  {stack.stack.intake_url}/      intake API, described at {stack.stack.intake_url}/openapi.json",
        f"  {stack.stack.analytics_url}/      analytics API, described at {stack.stack.analytics_url}/openapi.json",
        f"Logs: {settings.home / 'logs'}",
    ]
    if stack.keys:
        lines += [
            f"Development keys: {settings.development_keys}",
            "",
            "File a complaint (paste this):",
            curl(stack.stack.intake_url, stack.keys["call-centre"]),
            "",
            "Why it went to that bureau (its number in place of NUMBER):",
            explanation(stack.stack.intake_url, stack.keys["call-centre"]),
        ]
    return "\n".join([*lines, "", "Ctrl-C stops all."])
