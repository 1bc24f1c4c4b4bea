"""Files that leave the registry; workbook.py is the only writer of .xlsx."""
