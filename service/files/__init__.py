"""Files in, files out: `python -m service predict`."""
