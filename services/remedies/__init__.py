"""Remedies (挽回经济损失): money and apologies that users got through a case, in a ledger to which one only adds."""
