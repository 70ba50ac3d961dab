"""The JSON objects of the API, transcribed: a struct for each schema of the specification."""
