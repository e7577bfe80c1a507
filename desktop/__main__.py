"""`python -m desktop` opens the window."""

from desktop.gui.app import main

if __name__ == "__main__":
    main()
