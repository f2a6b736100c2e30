"""Whether two values are equal: exactly, by arithmetic to many digits, or by algebra in a process that can be killed.

Every question ends. Work in this process is counted beforehand (`budget`); what costs more goes to the worker, which
has a limit of wall time and memory. Nothing here holds a lock, and any thread may ask.
"""
