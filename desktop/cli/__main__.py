"""`python -m desktop.cli` is the same as `warm-handoff`."""

from desktop.cli import main

if __name__ == "__main__":
    main()
