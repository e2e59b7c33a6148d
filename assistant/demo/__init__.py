"""A demo client with a brief, customers' words and swipes, all made up, and the main job run without a browser."""
