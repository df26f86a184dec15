"""What an officer does next: by the status, and by the deadline that passes first."""

import pytest

from services.rules.states.complaints import CONSUMER_COMPLAINTS
from services.views.next_step import STEPS, NextStep, what_next
from shared.vocabulary import ENDED, OPEN, DeadlineKind, Status


def test_every_open_state_has_its_next_step() -> None:
    assert set(STEPS) == set(OPEN)
    for status in OPEN:
        own = CONSUMER_COMPLAINTS.deadlines[status]
        steps = {
            what_next(status, own, overdue=overdue, triage=False, routed=True) for overdue in (False, True)
        }
        waits = status in {
            Status.AWAITING_SUPPLEMENT,
            Status.FORWARDED,
            Status.REWORK,
            Status.MEDIATION_PROPOSED,
        }
        # where the officer waits for others, an overdue deadline turns waiting into work
        assert len(steps) == 1 + waits
    for status in ENDED:
        assert what_next(status, None, overdue=False, triage=False, routed=True) == "NOTHING"
    assert what_next(Status.RECEIVED, None, overdue=False, triage=True, routed=True) == "CONFIRM_PLACE"
    assert what_next(Status.RECEIVED, None, overdue=False, triage=False, routed=False) == "WAIT_FOR_ROUTING"
    late = what_next(Status.FORWARDED, DeadlineKind.CLOSE_TARGET, overdue=True, triage=False, routed=True)
    assert late == "WAIT_FOR_ENTERPRISE"


@pytest.mark.parametrize(
    ("deadline", "step"),
    [
        (DeadlineKind.FIRST_CONTACT, NextStep.CONTACT_USER),
        (DeadlineKind.PROGRESS_REPORT, NextStep.REPORT_PROGRESS),
        (DeadlineKind.SECOND_CALL, NextStep.CALL_AGAIN),
        (DeadlineKind.HOTLINE_SIGN, NextStep.SIGN_ORDER),
        (DeadlineKind.HOTLINE_ANSWER, NextStep.ANSWER_HOTLINE),
        (DeadlineKind.TOTAL, NextStep.VERIFY_REPLY),
        (None, NextStep.VERIFY_REPLY),
    ],
)
def test_a_deadline_that_asks_for_a_step_goes_before_the_state(
    deadline: DeadlineKind | None, step: NextStep
) -> None:
    assert what_next(Status.REPLIED, deadline, overdue=False, triage=False, routed=True) == step
    # an ended case waits for nothing, whatever runs
    assert what_next(Status.CLOSED, deadline, overdue=True, triage=True, routed=True) is NextStep.NOTHING


def test_the_place_is_confirmed_before_anything_else_and_only_of_a_received_case() -> None:
    due = DeadlineKind.FIRST_CONTACT
    assert what_next(Status.RECEIVED, due, overdue=False, triage=True, routed=True) is NextStep.CONFIRM_PLACE
    assert what_next(Status.ACCEPTED, None, overdue=False, triage=True, routed=True) is NextStep.FORWARD
