"""Functions from programs to programs: each a rule or a row of frames over the steps, and no step of its own."""
