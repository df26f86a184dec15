"""Answers that a dashboard may keep: its tag changes with the facts and the question only."""

import pytest

from analytics_api import answers

QUESTION = {"period": "month", "by": ["business"]}


def test_a_tag_is_that_of_a_version_and_a_question() -> None:
    tag = answers.etag(7, QUESTION)
    assert tag == answers.etag(7, {"by": ["business"], "period": "month"})
    assert len({tag, answers.etag(8, QUESTION), answers.etag(7, QUESTION | {"period": "day"})}) == 3
    assert tag.startswith('W/"7-')


@pytest.mark.parametrize("header", ['W/"7-a"', '"7-a"', "*", 'W/"6-a", W/"7-a"', ' "x" ,  "7-a" '])
def test_a_header_names_a_tag_whether_weak_or_strong(header: str) -> None:
    assert answers.names_tag(header, 'W/"7-a"')


@pytest.mark.parametrize("header", ["", '"7"', "7-a", 'W/"7-ab"', 'w/"7-a"', '"*"'])
def test_another_header_does_not_name_it(header: str) -> None:
    assert not answers.names_tag(header, 'W/"7-a"')
