"""Run the command line: `python -m arsearch`."""

from arsearch.cli import main

if __name__ == "__main__":
    main(prog_name="arsearch")
