"""The forms of the conversation, and those with which a team changes its questions."""
