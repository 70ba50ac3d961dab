"""The transport for production: the exchange on connections of urllib3."""
