"""The referrer's side of a referral: four short steps, and what became of it."""
