"""The same tools on every surface. A surface translates and decides nothing: tools/call.py does what is shared."""
