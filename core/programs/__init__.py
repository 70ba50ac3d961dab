"""Many requests each, made of endpoints by nothing but the combinators of the core."""
