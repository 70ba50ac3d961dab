"""Named services, in a file of the user's: what it may say, and what is said of a mistake in it."""
