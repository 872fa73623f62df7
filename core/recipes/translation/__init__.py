"""Korean to English: the sentences of our own grammar, the corpus, and the model that learns from both."""
