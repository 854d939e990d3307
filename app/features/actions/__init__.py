"""The room for actions."""
