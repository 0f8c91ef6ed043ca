"""What a long chart costs a model."""
