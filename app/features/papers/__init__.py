"""The room for papers: extracts as PDF, numbered copies on paper, print runs."""
