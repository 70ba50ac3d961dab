"""The transport for production: HTTP by urllib3. Nothing else imports it."""
