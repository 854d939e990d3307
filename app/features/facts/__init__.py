"""New facts between meetings, informing the persons concerned, and who of the family took part."""
