"""Messages to people: what kinds there are, and telling them. Knows no case's inside and no page.

Whoever wants to tell people something calls ``engine.messages.telling.tell`` in the transaction of the act.
"""
