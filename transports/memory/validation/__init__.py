"""What the body of a request may be, and the words in which the service refuses it."""
