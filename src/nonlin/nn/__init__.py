"""The engine, on plain arrays: layout, initialisers, losses, optimisers, the compiled network and the trainer."""
