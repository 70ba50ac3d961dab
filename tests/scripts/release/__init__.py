"""Makes a release, and tries what it made: `tests/run release`.

Law: what is written to `dist/` was built twice, in ways that have nothing in common, and was the same bytes; it was
installed where nothing of this project is, and did what the README and the tutorial say.
"""
