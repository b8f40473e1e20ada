"""The proof: histories replayed and compared with what is stored. Reads everything, writes nothing; knows no page."""
