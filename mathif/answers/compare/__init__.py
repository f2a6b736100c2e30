"""Whether two answers are the same one: their texts, their structure, their values."""
