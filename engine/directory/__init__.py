"""Who is who: organisations, roles, accounts, sign-in, and the policy of who may do what. Knows no case and no page."""
