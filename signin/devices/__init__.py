"""List and forget the devices on which apps ask for no second step."""
