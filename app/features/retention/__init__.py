"""The room where what is past its term is destroyed."""
