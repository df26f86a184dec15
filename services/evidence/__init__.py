"""Evidence files of a case: taken by their content, sealed before they are stored, shown within scope only."""
