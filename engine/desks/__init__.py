"""One door for each duty beside business: accounts, organisations, calendar, audit, operator, registers.

Each opens its own transactions and asks who may. Knows no page.
"""
