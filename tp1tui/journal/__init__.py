"""The run folder: who writes it, who follows it, and what is made of it. No torch."""
