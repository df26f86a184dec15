"""A carrier to try the platform with: it hears of its cases, and answers them well, badly, twice, late or never."""
