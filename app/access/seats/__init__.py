"""Who sits at a case: holders, deputies, newcomers, what they answer and may still be asked."""
