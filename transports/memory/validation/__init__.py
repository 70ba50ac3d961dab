"""What a request may be, the rules of a conversation too, and the words in which the service refuses it."""
