"""What tests hold on to: the sandbox itself, fault injection and recorded requests."""
