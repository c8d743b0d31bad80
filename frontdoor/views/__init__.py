"""The pages of the front door, and those on which a team changes its questions."""
