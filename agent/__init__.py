"""The one loop: a model proposes codes, its evidence is grounded, the rules check, the route decides."""
