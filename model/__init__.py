"""What training and service share: the network, the tokenizer, padding and the artifact."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "shipped"
"""The artifact that comes with this package. Here, so that a command can name it without loading torch."""
