"""Feature rooms: views, forms, a service, queries, perhaps handlers; none imports another."""
