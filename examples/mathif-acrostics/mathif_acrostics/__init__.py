"""A kind of constraint and a problem family that `mathif` finds once this package is installed."""
