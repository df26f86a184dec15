"""Behaviours: replies are whole or lack something, as the kind of carrier says, and nobody answers what asks for nothing."""

import pytest

from ops.sandbox import behaviours
from ops.sandbox.behaviours import Behaviour
from services.carriers.forms import Reply
from services.rules import replies
from shared import serialisation


def _lacks(reply: dict[str, object]) -> tuple[str, ...]:
    form = Reply.model_validate_json(serialisation.to_bytes(reply))
    return replies.missing(
        replies.ReplyContent(
            responsibility_admitted=form.responsibility_admitted,
            responsible_unit=form.responsible_unit,
            responsible_link=form.responsible_link,
            facts=form.facts,
            action=form.action,
            contact_log=form.contact_log,
        )
    )


def test_replies_are_what_they_are_called() -> None:
    assert _lacks(behaviours.whole("r")) == ()
    assert _lacks(behaviours.untrue("r")) == ()
    assert _lacks(behaviours.partial("r")) == ("responsible_unit", "responsible_link", "contact_log")


@pytest.mark.parametrize("behaviour", Behaviour)
def test_no_carrier_answers_what_asks_for_nothing(behaviour: Behaviour) -> None:
    assert behaviours.replies_to(behaviour, "case.closed", "r") == []


@pytest.mark.parametrize(
    ("behaviour", "first", "after_rework"),
    [
        (Behaviour.PROMPT, ["whole"], ["whole"]),
        (Behaviour.TWICE, ["whole", "whole"], ["whole", "whole"]),
        (Behaviour.INCOMPLETE, ["partial"], ["whole"]),
        (Behaviour.UNTRUTHFUL, ["untrue"], ["whole"]),
        (Behaviour.OUT_OF_ORDER, ["whole"], ["whole"]),
        (Behaviour.LATE, [], []),
        (Behaviour.NEVER, [], []),
    ],
)
def test_each_kind_replies_in_its_way(
    behaviour: Behaviour, first: list[str], after_rework: list[str]
) -> None:
    for kind, names in (("case.forwarded", first), ("case.rework", after_rework)):
        expected = [getattr(behaviours, name)("r") for name in names]
        assert behaviours.replies_to(behaviour, kind, "r") == expected


def test_only_who_left_something_out_completes_it() -> None:
    completing = [kind for kind in Behaviour if behaviours.replies_to(kind, "case.reply_incomplete", "r")]
    assert completing == [Behaviour.INCOMPLETE]
