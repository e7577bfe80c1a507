"""The paper: clinic values in, bytes out, and back."""
