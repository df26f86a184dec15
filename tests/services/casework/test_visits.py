"""Return visits: who was not reached said nothing, and what several visits verify together."""

from collections.abc import Callable

import pytest

from services.desk.perform import VerbOutcome

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]


def test_who_was_not_reached_said_nothing(replied: Make, act: Act) -> None:
    with pytest.raises(ValueError, match="not reached"):
        act(replied(), "visit", reached=False, account_matches=True)
