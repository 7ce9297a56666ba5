"""What lies over and under the design: minimap, legend, overview, ground."""
