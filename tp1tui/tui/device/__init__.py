"""The devices of this machine, sampled while somebody looks, as small charts. Knows no widgets and no torch."""
