"""What every page shares: settings, languages, errors, security, who acts. Knows no page."""
