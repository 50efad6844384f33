"""A small OpenID Connect issuer, for development only: click a post, be signed in."""
