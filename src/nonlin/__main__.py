"""``python -m nonlin``."""

from nonlin.cli import main

main()
