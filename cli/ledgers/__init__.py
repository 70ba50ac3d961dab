"""The commands of `puresponse ledger`, a file each."""
