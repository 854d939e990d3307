"""Referrals, triage and handovers: from the first word about a family to the table that acts."""
