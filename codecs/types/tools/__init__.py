"""What a model may call: each tool, its calls and their outputs."""
