"""Documents of the APIs: made without a server, and the same that the server gives."""

import pytest

from ops.description.documents import Api, document
from tests.running import Stack


@pytest.mark.parametrize("api", Api)
def test_a_document_is_what_the_api_serves(api: Api, stack: Stack) -> None:
    url = {Api.INTAKE: stack.intake, Api.ANALYTICS: stack.analytics}[api]
    served = stack.http.get(f"{url}/openapi.json").json()
    made = document(api)
    assert made["paths"].keys() == served["paths"].keys()
    assert made["components"]["schemas"] == served["components"]["schemas"]
    assert made["info"] == served["info"]
