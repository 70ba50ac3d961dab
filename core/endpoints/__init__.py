"""One request each: arguments in, a request out, the answer decoded."""
