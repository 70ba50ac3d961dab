"""The transport for event loops: HTTP by aiohttp. Nothing else imports it."""
