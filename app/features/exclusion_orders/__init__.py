"""The room for temporary exclusion orders (huisverboden): their service, and what runs from it."""
