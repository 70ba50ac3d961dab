"""Values as people read them: text, and pages of HTML. Pure functions of what was received."""
