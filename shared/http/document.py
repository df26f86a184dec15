"""The OpenAPI document as the framework makes it, and every part of it."""

from typing import Any

OpenApiDocument = dict[str, Any]
"""An object of the document; what it holds depends on the place (OpenAPI 3.1)."""
