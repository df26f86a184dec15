"""The persons of a case as an answer: each field masked."""

from services.fields import View


class MaskedPerson(View):
    """A person, each field masked."""

    name: str | None = None
    phone: str | None = None
    other_phone: str | None = None
    address: str | None = None
    identity_card: str | None = None


class MaskedPersons(View):
    """The persons of a case, masked; empty where the user asked for confidentiality and the officer is no supervisor."""

    complainant: MaskedPerson | None = None
    agent: MaskedPerson | None = None
    sender: MaskedPerson | None = None
    addressee: MaskedPerson | None = None
