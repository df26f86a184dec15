"""Decisions of the machine: made from facts by pure rules, stored as a document, explained, replayed."""
