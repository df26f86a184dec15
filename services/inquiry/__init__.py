"""What a caller may see of cases: one by number, lists by pages, and why a case went where it went."""
