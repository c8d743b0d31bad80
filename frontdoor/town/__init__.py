"""A made-up town. Its words are in TOML files; ``build`` turns them into rows, and ``crowd`` into many more."""
