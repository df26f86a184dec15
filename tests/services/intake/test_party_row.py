"""The sealed record of a filing: persons by who they are, and indexes of normal numbers."""

from collections.abc import Callable

from services.cases import parties
from services.intake.preparation import IntakeContext, Prepared

Prepare = Callable[..., Prepared]


def test_an_index_is_the_same_for_the_same_number_however_it_is_written(prepare: Prepare) -> None:
    person = {"name": "王", "role": "SENDER"}
    written = ("13800138000", "+86 138-0013-8000", "１３８ ００１３ ８０００", "0086 13800138000")
    indexes = {prepare(complainant=person | {"phone": phone}).party["phone_index"] for phone in written}
    assert len(indexes) == 1
    assert prepare(complainant=person | {"phone": "13800138001"}).party["phone_index"] not in indexes


def test_an_agent_is_sealed_and_its_authorisation_counts(
    prepare: Prepare, intake_context: IntakeContext
) -> None:
    person = {"name": "王", "phone": "12305", "role": "AGENT"}
    without = prepare(complainant=person | {"agent": {"name": "李四"}})
    given_ = prepare(complainant=person | {"agent": {"name": "李四", "authorisation_ref": "A/1"}})
    assert [filing.complaint["agent_authorised"] for filing in (without, given_)] == [False, True]
    content = parties.open_record(given_.party["sealed"], intake_context.ring, given_.complaint_id)
    assert content["agent"]["name"] == "李四"
