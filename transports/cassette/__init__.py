"""The transport that replays what was recorded, and the recorder."""
