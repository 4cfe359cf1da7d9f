"""What a formula becomes: one file per target language."""
