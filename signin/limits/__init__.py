"""How often a person may do what spends something."""
