"""The transport for production: HTTP/1.1 on connections of urllib3, which nothing else imports."""
