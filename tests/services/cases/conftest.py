"""The writing of cases in tests: replies of carriers, and the hotline's orders that follow a case."""

from tests.services.carriers.conftest import reply
from tests.services.hotline.conftest import answered, heard, order, platform, row_of, see, take, tell, waiting
from tests.services.reference.conftest import packaged

__all__ = [
    "answered",
    "heard",
    "order",
    "packaged",
    "platform",
    "reply",
    "row_of",
    "see",
    "take",
    "tell",
    "waiting",
]
