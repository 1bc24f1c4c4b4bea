"""Cases: assessment, deadlines, the file of a case, amounts, letters and the check before a file is handed over."""
