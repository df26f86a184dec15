"""What comes in from carriers: replies to cases, tracking of items, and what the scans say of the link that failed."""
