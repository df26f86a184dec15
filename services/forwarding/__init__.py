"""Handing accepted cases on to the enterprise (转办), promptly and by the machine, where the respondent is known."""
