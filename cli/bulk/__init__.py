"""Many responses at once: what is asked before, shown meanwhile, and told at the end."""
