"""Feature rooms: each has views, forms, a service, queries and perhaps handlers; none imports another."""
