"""The demo: two months of generated complaints with the totals of the real circulars, and a comparison of all figures."""
