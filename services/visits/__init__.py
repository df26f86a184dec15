"""Return visits (回访): whether the user was reached, confirms the reply, and is satisfied with whom."""
