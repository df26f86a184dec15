"""The demo: two months of complaints made up to the margins of the real circulars, and proof that they come out."""
