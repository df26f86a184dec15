"""The tables, one module a subject; SQLAlchemy Core on one MetaData."""
