"""The web floor: guard, base form, errors, filters, headers, languages; knows no feature."""
