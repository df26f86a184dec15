"""The registry of figures: each dimension, measure and metric is one entry, and all else reads it (rulebook 6).

`dimensions` makes parameters, filters and names of codes; `measures` makes the recount, the marks of changed days and the
values of the parameter `basis`; `definitions` is what answers carry and `GET /v1/definitions` lists.
"""
