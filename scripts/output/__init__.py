"""What regenerating writes: files put in their places together, and the summary of a run."""
