"""The few widgets that Qt lacks."""
