"""Decision models of DMN 1.3 to 1.5, read from XML and made ready to run. Door: ``decisions``. Knows no diagram."""
