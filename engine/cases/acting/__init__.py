"""What moves a case, by kind of act: steps, drafts, claims, deadlines, endings, events. Knows nothing of reading."""
