"""Answers of the operations on evidence files: their models, an example of each, and their refusals."""

from pydantic import Field

from intake_api.http import bodies
from intake_api.http.describing import Described, answers, refusals
from services.casework.supplement import CaseEndedError
from services.evidence import kinds
from services.evidence.kinds import DamagedFileError, UnsupportedFileError
from services.fields import View
from services.views.case_records import EvidenceFile
from shared.errors import MalformedBodyError, NotFoundError


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
_ABSENT = NotFoundError("There is no complaint of this number that this key may see; check its 17 digits.")
_ADDED_EXAMPLE = _FILE | {"number": "20260301000000017"}
_SAME = {
    "description": "The case has this file already: the same evidence.",
    "model": AddedFile,
    "content": {bodies.JSON: {"example": _ADDED_EXAMPLE}},
}
ADDED: Described = {
    **answers(
        {
            400: (
                "an empty body, or one that was cut off",
                MalformedBodyError("The body is empty; send the bytes of the file as the body."),
            ),
            404: ("no such case that the key may see", _ABSENT),
            409: (
                "the case has ended, or has as many files or as much as it may",
                CaseEndedError("The case is CLOSED: nothing is added to it any more."),
            ),
            413: ("more than 20 MB", bodies.BodyTooLargeError("A file may have at most 20 MB.")),
            415: (
                "a kind of file that is not accepted",
                UnsupportedFileError("Send JPEG, PNG, WEBP, PDF, MP3, WAV, AMR, M4A or MP4."),
            ),
            422: ("the file is not whole", DamagedFileError("The file ends too early; send it again.")),
        },
        _ADDED_EXAMPLE,
        status=201,
    ),
    200: _SAME,
}
LISTED: Described = answers({404: ("no such case that the key may see", _ABSENT)}, {"items": [_FILE]})
LISTED[200]["model"] = FileList
ADDED[201]["model"] = AddedFile
DOWNLOAD: Described = {
    200: {
        "description": "The file, as a download.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds.KINDS},
    },
    **refusals({404: ("no such case, or no such file, that the key may see", _ABSENT)}),
}
