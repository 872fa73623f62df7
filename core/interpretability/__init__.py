"""What a model does inside, read off its traces: the logit lens, and heads named by measurement."""
