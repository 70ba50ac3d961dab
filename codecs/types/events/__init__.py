"""What a stream tells: a struct for each event."""
