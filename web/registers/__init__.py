"""Pages of the registers (台账): lists, records with their past, Excel. Knows no register by name."""
