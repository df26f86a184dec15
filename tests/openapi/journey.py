"""One complaint and one figure by the client that is generated from the documents: types are checked, answers are real.

Runs in a process of its own, where the packages `intake_client` and `analytics_client` are importable.
"""

import json
import os
import sys
import time
import uuid
from typing import Any

from analytics_client import AuthenticatedClient as AnalyticsClient
from analytics_client.api.figures import get_volume
from analytics_client.models.period import Period
from intake_client import AuthenticatedClient as IntakeClient
from intake_client.api.carrier import read_feed
from intake_client.api.cases import explain_case, read_case
from intake_client.api.filing import file_complaint, supplement_complaint
from intake_client.models.business import Business
from intake_client.models.channel import Channel
from intake_client.models.complainant import Complainant
from intake_client.models.enterprise_complaint import EnterpriseComplaint
from intake_client.models.enterprise_outcome import EnterpriseOutcome
from intake_client.models.filing import Filing
from intake_client.models.party import Party
from intake_client.models.problem import Problem
from intake_client.models.role import Role
from intake_client.models.supplement import Supplement

FILING = Filing(
    channel=Channel.PHONE_12305,
    business=Business.EXPRESS,
    carrier_code="ZTO",
    issue_code="DELIVERY_SERVICE",
    complainant=Complainant(name="王小明", phone="13800138000", role=Role.ADDRESSEE),
    addressee=Party(region_code="330106"),
    cause="快件显示已签收，本人并未收到。",
    enterprise_complaint=EnterpriseComplaint(outcome=EnterpriseOutcome.DISSATISFIED),
)
ROUTED_WITHIN = 15.0


def body(answer: Any) -> Any:
    """Return the body of a success."""
    if answer is None or isinstance(answer, Problem):
        raise SystemExit(f"refused: {answer}")
    return answer


def routed(client: IntakeClient, number: str) -> Any:
    """Return a complaint once it has its bureau."""
    give_up = time.monotonic() + ROUTED_WITHIN
    while time.monotonic() < give_up:
        complaint = body(read_case.sync(number, client=client))
        if complaint.routed_at is not None:
            return complaint
        time.sleep(0.1)
    raise SystemExit("not routed in time")


def main() -> dict[str, Any]:
    """Follow one complaint, and return what came of it."""
    environment = os.environ  # noqa: TID251 - a process of its own, not of the product
    url = environment["INTAKE_URL"]
    intake = IntakeClient(base_url=url, token=environment["CALL_CENTRE_KEY"])
    carrier = IntakeClient(base_url=url, token=environment["CARRIER_KEY"])
    analytics = AnalyticsClient(base_url=environment["ANALYTICS_URL"], token=environment["DASHBOARD_KEY"])
    receipt = body(file_complaint.sync(client=intake, body=FILING, idempotency_key=uuid.uuid4().hex))
    number = receipt.number
    complaint = routed(intake, number)
    explanation = body(explain_case.sync(number, client=intake))
    form = Supplement(request="请企业赔偿并道歉。")
    supplement = body(
        supplement_complaint.sync(number, client=intake, body=form, idempotency_key=uuid.uuid4().hex)
    )
    feed = body(read_feed.sync(client=carrier, limit=10))
    figure = body(get_volume.sync(client=analytics, period=Period.MONTH, last=2))
    refusal = read_case.sync_detailed("0" * 17, client=intake)
    return {
        "number": number,
        "read": complaint.number,
        "status": complaint.status,
        "history": [event.kind for event in explanation.history],
        "supplement": supplement.number,
        "next": feed.next_,
        "figure": figure.figure,
        "periods": len(figure.totals),
        "refusal": int(refusal.status_code),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(), ensure_ascii=False))
