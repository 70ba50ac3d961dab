"""Where things are, from any test."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("codecs", "core", "transports", "cli")
"""The packages inside `puresponse`, each a folder of that name at the root."""
