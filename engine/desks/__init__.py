"""One door for each duty beside business: accounts, organisations, calendar, audit, operator, registers."""
