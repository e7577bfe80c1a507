"""The work: one function per task; the only room that joins rules, memory and paper."""
