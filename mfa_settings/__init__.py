"""The product: a person's factors, and the one that is asked first."""
