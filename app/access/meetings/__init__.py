"""Meetings in time: planning, series, rooms, the agenda and the steps that can be taken back."""
