"""What a pool stores: records, clock, signing key, outbox, recorded calls."""
