"""What the service replies where a model would, as data: a script, its replies, and what they are made of."""
