"""The commands of `puresponse conversations`, a file each."""
