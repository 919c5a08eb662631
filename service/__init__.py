"""How an artifact answers requests."""

import os

# Or ONNX Runtime, from 1.29 on, sends Microsoft what it is asked to run and where, as soon as it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
