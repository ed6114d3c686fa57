"""What every chart is made of: colours, artists that move, axes, the legend, the canvas."""
