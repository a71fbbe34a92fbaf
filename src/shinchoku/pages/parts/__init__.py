"""What several pages share. Must not import a page."""
