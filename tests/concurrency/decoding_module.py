"""A module that decodes while it is imported."""

from hanging_tasks import decoded

TOLD = decoded()
