"""The language of the texts in an answer: the parameter `lang`, else the header `Accept-Language`, else English."""

from typing import Annotated

from fastapi import Depends, Header, Query, Response

from services.views.language import Language

DEFAULT = Language.EN


def accepted(header: str) -> Language:
    """Return the language of ours that an `Accept-Language` prefers; the default where it names none of ours."""
    preferences = [_preference(part) for part in header.split(",")]
    ours = [(weight, language) for weight, language in preferences if language is not None and weight > 0]
    # of equal weights the first one counts: `max` keeps it
    return max(ours, key=lambda preference: preference[0], default=(0, DEFAULT))[1]


def _preference(part: str) -> tuple[float, Language | None]:
    tag, _, parameter = part.strip().partition(";")
    language = tag.strip().lower().partition("-")[0]
    name, _, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return weight, Language(language) if language in set(Language) else None


async def _of_request(
    response: Response,
    lang: Annotated[
        Language | None,
        Query(description="Language of the texts: `zh` or `en`. Without it `Accept-Language` counts."),
    ] = None,
    accept_language: Annotated[
        str,
        Header(
            description="Languages that the reader prefers; one that cannot be read is passed over.",
            examples=["zh-CN"],
            # described, not checked: a header that a browser sends by itself refuses nobody
            json_schema_extra={"pattern": r"^[A-Za-z0-9,;=.*\- ]*$", "maxLength": 200},
        ),
    ] = "",
) -> Language:
    language = lang or accepted(accept_language)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return language


ReaderLanguage = Annotated[Language, Depends(_of_request)]
"""The language in which this reader gets the texts."""
