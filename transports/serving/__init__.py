"""Any transport behind an HTTP server."""
