"""The machinery that loses nothing: bytes to values and back, whatever a payload holds."""
