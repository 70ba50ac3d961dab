"""Responses with all their input items in files, and read back: JSON Lines, SQLite, Parquet."""
