"""Advice for a region code that stands for no division."""

from services.reference.data import ReferenceData


def advice(reference: ReferenceData, code: str) -> str:
    """Return the advice for a code that `resolve_region` refuses; for a divided division, its parts."""
    parts = reference.successors.get(code, ())
    if not parts:
        return "no division has or had this code; send six digits of GET /v1/reference/regions, as in 330106"
    named = ", ".join(f"{part} {reference.regions[part].name}" for part in parts)
    return (
        f"this division was divided among several provinces; send the code of the part that is meant: {named}"
    )
