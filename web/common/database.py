"""The database of the pages: Flask-SQLAlchemy opens it by Flask's settings, the engine works on it. Knows no table.

No other file of ``web`` knows SQLAlchemy, and no view opens a connection or a session: views ask the engine's desks.
"""

from __future__ import annotations

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from engine.database import Database, engine_options, metadata
from web.common.config import Config

URI, OPTIONS = "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_ENGINE_OPTIONS"

db = SQLAlchemy(metadata=metadata)


def open_database(app: Flask, config: Config) -> Database:
    """The database that the app's settings name; what they leave open is as ``config`` says.

    Every option of the engine may be set alone: the others stay as this program needs them.
    """
    uri = app.config.setdefault(URI, config.database_url)
    app.config[OPTIONS] = engine_options(uri) | app.config.get(OPTIONS, {})
    db.init_app(app)
    with app.app_context():
        return Database(db.engine)
