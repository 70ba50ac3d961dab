"""The transport for event loops: the same exchange on connections of aiohttp, which nothing else imports."""
