"""What a 1×1 convolution buys: designs without it, reductions put in and taken out, parallel ones merged."""
