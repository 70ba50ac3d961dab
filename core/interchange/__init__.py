"""Programs, requests and answers as JSON, for another process to go on with."""
