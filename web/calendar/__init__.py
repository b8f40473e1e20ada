"""Pages of the working calendar: a year, a calculator, changes that one proposes and another decides. Knows no rule."""
