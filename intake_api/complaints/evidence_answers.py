"""Answers of the operations on evidence files: their models, an example of each, and their refusals."""

from pydantic import Field

from intake_api.http import bodies
from intake_api.http.describing import Described, answers
from services.evidence import kinds
from services.fields import View
from services.views.case_records import EvidenceFile
from shared.http import refusals
from shared.http.refusals import Refusals


class AddedFile(EvidenceFile):
    """A file that was handed in, with the number of the case that has it."""

    number: str = Field(description="The case that has the file: of a merged one, the case that goes on.")


class FileList(View):
    """The files of a case that the reader may see, oldest first."""

    items: list[EvidenceFile]


_FILE = {
    "id": "01936f3e-7c1a-7000-8000-000000000001",
    "name": "damage.jpg",
    "media_type": "image/jpeg",
    "size": 48_213,
    "sha256": "3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b",
    "at": "2026-03-02T09:30:00+08:00",
    "by": "call-centre",
    "source": "FILER",
    "shared_with_carrier": False,
}
_ADDED_EXAMPLE = _FILE | {"number": "20260301000000017"}
_SAME = {
    "description": "The case has this file already: the same evidence.",
    "model": AddedFile,
    "content": {bodies.JSON: {"example": _ADDED_EXAMPLE}},
}


def added(refused: Refusals) -> Described:
    """Describe the answers to a file that is handed in."""
    described = {**answers(refused, _ADDED_EXAMPLE, status=201), 200: _SAME}
    described[201]["model"] = AddedFile
    return described


def listed(refused: Refusals) -> Described:
    """Describe the answers with the list of files."""
    described = answers(refused, {"items": [_FILE]})
    described[200]["model"] = FileList
    return described


def download(refused: Refusals) -> Described:
    """Describe the answers with a file itself."""
    return {
        200: {
            "description": "The file, as a download.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds.KINDS},
        },
        **refusals.responses(refused),
    }
