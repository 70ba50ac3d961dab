"""What is made of recorders and replays: modes, verification, and transcripts for people."""
