"""What became of every operation of a batch, in a file that outlives the process: append only, and proven."""
