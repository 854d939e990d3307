"""The demo region: fictional people and cases to try the product with; never in production."""
