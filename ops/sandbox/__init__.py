"""A simulated carrier to try the platform: it receives its cases, and answers them well, badly, twice, late or never."""
