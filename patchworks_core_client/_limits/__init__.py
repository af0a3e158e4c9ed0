"""What goes out when: pace, budget, and the fleet of processes that share one budget, one pause and one login."""
