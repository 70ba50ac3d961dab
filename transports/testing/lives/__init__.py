"""What happens in the lives of a program, as values, and how it is told: as a story, as a script, as a page, as a file.

Law: what is told is what has happened, in order, in words that need no knowledge of this library; no credential and no
markup of others is in it.
"""
