"""The HTTP server: AWS JSON 1.1, validation, played faults, the demo's controls."""
