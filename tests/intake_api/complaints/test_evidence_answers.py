"""How the operations on files describe their answers."""

from intake_api.complaints import evidence_answers
from intake_api.complaints.describing import DOWNLOAD, EVIDENCE
from services.evidence.kinds import KINDS


def test_a_file_is_new_or_there_already() -> None:
    described = evidence_answers.added(EVIDENCE)
    assert described[200]["model"] is described[201]["model"] is evidence_answers.AddedFile
    assert {"413", "415", "422"} <= described.keys()


def test_a_list_and_a_download() -> None:
    assert evidence_answers.listed(())[200]["model"] is evidence_answers.FileList
    described = evidence_answers.download(DOWNLOAD)
    assert described[200]["content"].keys() == set(KINDS)
    assert {"404", "500", "503"} <= described.keys()
