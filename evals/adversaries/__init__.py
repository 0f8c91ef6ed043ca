"""Charts that talk to the model, and models that obey them."""
