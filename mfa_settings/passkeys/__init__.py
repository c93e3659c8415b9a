"""A person's passkeys: see them, add one, name one, remove one."""
