"""What help shows and shells complete: lines and examples as data, which load no command."""
