"""What every transport that uses a network needs: credentials, addresses, syntax, timeouts, TLS."""
