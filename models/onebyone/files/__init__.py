"""Design files, read strictly and written so that nothing is lost."""
