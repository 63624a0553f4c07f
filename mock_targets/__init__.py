"""Mock provisioning targets: identity stores that a provisioning client talks to as if they were the real ones."""
