"""What the options of `puresponse serve` mean."""
