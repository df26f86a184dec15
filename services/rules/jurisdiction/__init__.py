"""Which bureau handles a case: the table R1-R9, reassignment, addresses."""
