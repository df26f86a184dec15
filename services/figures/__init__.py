"""Figures: facts recomputed from the cases, and the questions that they answer. No question reads a case."""
