"""Electronic certificates, pure: what is signed with one, and every reason why one is not good enough."""
