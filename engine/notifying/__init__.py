"""Telling people outside the product what their box holds: when, in which words, and that it arrives. Knows no page.

After the commit a message becomes deliveries (``routing``), what goes together a notification, and that is sent
(``courier``) over a channel. Nothing here runs in the transaction of an act, and no act waits for a server.
"""
