"""What everything looks like: colours, fonts, icons."""
