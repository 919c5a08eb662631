"""Metrics: every instrument of the service, in one class on one registry.

Prefix sentiment_, base units, labels from closed sets, which are touched at start so that every series exists at 0.
"""

from collections import Counter
from functools import partial

from prometheus_client import CollectorRegistry, Gauge, disable_created_metrics
from prometheus_client import Counter as LockedCounter
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from model.drift import CONFIDENCE, SUBWORDS, bins
from model.language import LANGUAGES
from service.admission import UNITS, Admission
from service.cpu import CpuLimits
from service.errors import OUTCOMES
from service.feedback import FeedbackFile
from service.instruments import Count, Counters, DerivedCounters, Histograms, Level
from service.predictor import NETWORK_FILES, ModelInfo

LATENCY_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""1 ms to 30 s, the default deadline; 0.1 is the latency objective."""
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
"""1 to 256 rows a batch."""
TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576)
"""1 token to a million."""
RATIOS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
"""0 to 1."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Any other is counted as `other`: the method comes from the client."""
QUALITY = ("accuracy", "macro_f1", "macro_recall", "ece")
"""Of the dev metrics in an artifact, those that are shares of rows."""
ALERTING = ("200", "429", "500", "503", "504")
"""Statuses whose first answers alerts must not miss."""
STAGES = ("tokenize", "queue", "inference", "total")
RELOAD_RESULTS = ("ok", "failed")
KEY_OUTCOMES = ("ok", "refused", "rate_limited", "failed")


class Metrics:
    """The instruments; public, since handlers count on them directly."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)

        def counter(name: str, meaning: str, *labels: str) -> Counters:
            return Counters(registry, f"sentiment_{name}", meaning, labels)

        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(f"sentiment_{name}", meaning, labels, registry=registry)

        def histogram(name: str, meaning: str, bounds: tuple[float, ...], *labels: str) -> Histograms:
            return Histograms(registry, f"sentiment_{name}", meaning, bounds, labels)

        self.http_requests = counter("http_requests", "Requests answered.", "route", "method", "code")
        self.http_duration = histogram("http_request_duration_seconds", "Time of a request.", LATENCY_S, "route")
        self.http_in_progress = Level()
        in_progress = gauge("http_requests_in_progress", "Requests being answered.")
        in_progress.set_function(lambda: float(self.http_in_progress.value))
        self.texts = counter("texts", "Texts by what became of them.", "outcome")
        self.sentences = counter("sentences", "Sentences read alone, beside their texts.").labels()
        self.explained = counter("explained_texts", "Texts answered with an explanation.").labels()
        self.traced = counter("traced_texts", "Texts answered with a trace.").labels()
        self.stage = histogram("stage_duration_seconds", "Time of a request by stage.", LATENCY_S, "stage")
        self.queue = {unit: gauge(f"queue_{unit}", f"Request {unit} admitted and not yet answered.") for unit in UNITS}
        self.queue_limit = {unit: gauge(f"queue_limit_{unit}", f"Most {unit} admitted at once.") for unit in UNITS}
        self.rejected = counter("rejected", "Requests refused for want of room or readiness.", "reason")
        self.batch_texts = histogram("batch_texts", "Rows (texts, or windows of them) in a model call.", ROWS).labels()
        self.batch_tokens = histogram("batch_tokens", "Tokens in a model call, without padding.", TOKENS).labels()
        self.batch_padding = histogram("batch_padding_ratio", "Share of padding in a model call.", RATIOS).labels()
        meaning = "Model calls that the GPU had no memory for; they are halved and tried again."
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.no_memory = LockedCounter("sentiment_no_memory", meaning, registry=registry)  # by the model's thread
        self.input_tokens = histogram("input_tokens", "Tokens of a text.", TOKENS).labels()
        self.truncated = counter("truncated_texts", "Texts not read whole; long ones are, so this stays 0.").labels()
        self.predictions = counter("predictions", "Predictions.", "label", "language")
        self.confidence = histogram("confidence", "Probability of the predicted label.", CONFIDENCE).labels()
        self.subwords = {kind: Count() for kind in SUBWORDS}
        meaning = "Texts (of the signal subword: their tokens) by what is watched for drift."
        DerivedCounters(registry, "sentiment_observations", meaning, ("signal", "bin"), self._observations)
        meaning = "Share of the bin in the texts that the model was measured on."
        self.baseline = gauge("baseline_ratio", meaning, "signal", "bin")
        self.model_info = gauge("model_info", "The model served: always 1.", "version", "sha256", "device", "backend")
        self.model_loaded = gauge("model_loaded_timestamp_seconds", "When the model was loaded, Unix time.")
        self.reloads = counter("model_reloads", "Reloads by result.", "result")
        self.model_quality = gauge("model_quality_ratio", "Scores of the model on dev sets.", "metric", "dataset")
        self.threads = gauge("threads", "Threads configured.", "kind")
        self.cpu_quota = gauge("cpu_quota_cores", "Cores by the cgroup quota, or by affinity if that is less.")
        self.memory_limit = gauge("memory_limit_bytes", "Memory by the cgroup limit, or the machine's if that is less.")
        self.feedback = counter(
            "feedback", "Corrections stored, with what the model made of them.", "label", "predicted"
        )
        self.feedback_bytes = gauge("feedback_bytes", "Size of the feedback file.")
        self.feedback_limit = gauge("feedback_limit_bytes", "Largest feedback file; 0 if feedback is disabled.")
        self.key_requests = counter("key_requests", "Requests by key and what became of them.", "key", "outcome")
        self.key_texts = counter("key_texts", "Texts let in by key.", "key")
        self.ready = gauge("ready", "1 if requests are welcome.")

        for status in ALERTING:
            self.http_requests.labels("/v1/sentiment", "POST", status)
        for outcome in OUTCOMES:
            self.texts.labels(outcome)
        self.stages = {stage: self.stage.labels(stage) for stage in STAGES}
        for reason in (*UNITS, "not_ready", "draining"):
            self.rejected.labels(reason)
        for result in RELOAD_RESULTS:
            self.reloads.labels(result)

    def name_key(self, name: str) -> None:
        """Show a key by its name."""
        self.key_texts.labels(name)
        for outcome in KEY_OUTCOMES:
            self.key_requests.labels(name, outcome)

    def describe_cpu(self, limits: CpuLimits, tokenizer_threads: int) -> None:
        """Show what the process may use, and what of it the tokenizer does."""
        self.cpu_quota.set(min(limits.quota_cores or limits.affinity_cores, limits.affinity_cores))
        self.threads.labels("tokenizer").set(tokenizer_threads)

    def describe_memory(self, limit_bytes: int) -> None:
        """Show how much memory the process may take."""
        self.memory_limit.set(limit_bytes)

    def describe_model(self, info: ModelInfo, loaded_at: float) -> None:
        """Show which model is served, in place of the one before. loaded_at: Unix time.

        Whatever cannot be shown raises before anything is taken away.
        """
        sha256 = info.digests[NETWORK_FILES[info.backend]]
        quality = {
            (metric, dataset): float(figures[metric])
            for dataset, figures in info.dev_metrics.items()
            for metric in QUALITY
            if isinstance(figures.get(metric), int | float)
        }
        self.model_info.clear()
        self.model_info.labels(info.version, sha256, info.device, info.backend).set(1)
        self.threads.labels("model").set(info.threads)
        self.model_loaded.set(loaded_at)
        self.model_quality.clear()
        for about, figure in quality.items():
            self.model_quality.labels(*about).set(figure)
        for label in info.labels:
            for language in LANGUAGES:
                self.predictions.labels(label, language)
            for predicted in info.labels:
                self.feedback.labels(label, predicted)
        self.baseline.clear()
        for signal, names in bins(info.labels).items():
            shares = info.baseline.shares.get(signal, {}) if info.baseline else {}
            if shares.keys() == set(names):  # else of a release with other bins, which cannot be compared
                for name, share in shares.items():
                    self.baseline.labels(signal, name).set(share)

    def watch_queue(self, admission: Admission) -> None:
        """Show the queue as it is when metrics are read."""
        for unit in UNITS:
            self.queue[unit].set_function(partial(admission.admitted.__getitem__, unit))
            self.queue_limit[unit].set(admission.limits[unit])

    def watch_feedback(self, file: FeedbackFile) -> None:
        """Show the feedback file as it is when metrics are read."""
        self.feedback_bytes.set_function(file.size)
        self.feedback_limit.set(file.max_bytes)

    def _observations(self) -> dict[tuple[str, ...], int]:
        """What the baseline has shares of, counted: by signal and bin, all of which are counted elsewhere."""
        found: Counter[tuple[str, ...]] = Counter()
        for (label, language), count in self.predictions.values().items():
            found["label", label] += count
            found["language", language] += count
        for bound, count in zip(CONFIDENCE, self.confidence.counts, strict=False):  # above 1 there is nothing
            found["confidence", str(bound)] += count
        for kind, tokens in self.subwords.items():
            found["subword", kind] += tokens.value
        return found
