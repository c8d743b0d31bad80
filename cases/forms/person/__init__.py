"""The forms on the person's own pages, and on the plan for everybody who may write there."""
