"""Responses as people read them: asked of a service or read from a file, written as text or as a page."""
