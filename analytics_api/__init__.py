"""The analytics API: figures and circulars, under a role that can neither write nor see a person."""
