"""What carries a target: its state and control in one piece (any wire), and the Flask pipeline for the HTTP ones."""
