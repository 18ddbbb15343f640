"""Start nodes of OpenSearch on this machine, for tests and measurements."""
