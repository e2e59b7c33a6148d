"""Reading a text: its blocks, sentences, words and syllables, with where each stands. Pure functions."""
