"""Random years of a whole staff: how it comes to be, what people do and answer, and the promises that hold after each act."""
