"""Microsoft Azure (Office 365)."""
