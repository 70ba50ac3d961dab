"""A module that decodes while it is imported."""

from midst import decoded

TOLD = decoded()
