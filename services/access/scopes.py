"""Scopes: what a key may do."""

SCOPES = {
    "complaint:write": "file complaints, one or many",
    "complaint:read": "read the complaints that this client filed",
    "complaint:read:all": "read every complaint, masked",
    "desk:work": "work the cases of a bureau",
    "desk:unmask": "see the persons of these cases in clear, each time for a stated purpose, audited",
    "carrier:exchange": "receive the cases of an enterprise, reply to them, push tracking",
    "hotline:exchange": "exchange work orders of a region's 12345 hotline",
    "import:write": "hand over history from an older system",
    "reference:read": "read reference data",
    "analytics:read": "read figures",
}
