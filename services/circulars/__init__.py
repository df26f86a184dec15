"""Circulars (通告): the monthly bulletin on complaints, in the tables and words it is published with."""
