"""The formula language: stable primitives, the safe parser, evaluation and analysis."""
