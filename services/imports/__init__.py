"""History taken over from an older system: announced by a manifest, handed over in parts, complete when every part is in."""
