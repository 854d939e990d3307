"""What is published of the region's figures: a page, a paper, a spreadsheet, a command."""
