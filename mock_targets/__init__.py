"""Mock provisioning targets: stand-ins for the identity stores that a provisioning client writes to."""
