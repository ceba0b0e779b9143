"""The work that is measured: one file a subject; in each, functions that return ``{contender: work}``."""
