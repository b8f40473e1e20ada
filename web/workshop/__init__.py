"""The pages of the workshop: designs listed and begun, and the page on which one is drawn. Knows no rule."""
