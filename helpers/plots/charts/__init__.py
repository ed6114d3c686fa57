"""Charts, each named after what it draws. A chart takes axes and results, and never trains."""
