"""What happens to a case beside its texts and its meetings: plans, clocks, facts, family, lead."""
