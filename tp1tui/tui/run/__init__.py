"""What the run screen says, made from what its folder says. Knows no widgets and no clock."""
