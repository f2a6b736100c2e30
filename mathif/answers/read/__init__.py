"""From a reply to the tree of its answer: where the answer stands, its spelling, its tokens, its grammar."""
