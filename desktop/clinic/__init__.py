"""The rules: frozen values and functions over them, standard library only."""
