"""From what a run has done to rows and events. The only writer of cases; knows no policy and no page."""
